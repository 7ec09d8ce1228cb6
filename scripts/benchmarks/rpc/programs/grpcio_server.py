"""The gRPC server of the benchmark, grpc.aio: grpcio_server.py PORT tcp|tls [--IceSSL.DefaultDir=FOLDER]."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import bench_pb2
import bench_pb2_grpc
import grpc
from measuring import properties

PATIENT = [("grpc.server.max_pending_requests", 8192), ("grpc.server.max_pending_requests_hard_limit", 8192)]
"""By default a server cancels calls at random when more than 1,000 wait."""


class Echo(bench_pb2_grpc.EchoServicer):  # type: ignore[misc]
    def __init__(self) -> None:
        self.count = 0

    async def Add(self, request: Any, context: Any) -> Any:
        return bench_pb2.Sum(sum=request.a + request.b)

    async def EchoBytes(self, request: Any, context: Any) -> Any:
        return request

    async def EchoItems(self, request: Any, context: Any) -> Any:
        return request

    async def EchoGraph(self, request: Any, context: Any) -> Any:
        return request

    async def EchoCounts(self, request: Any, context: Any) -> Any:
        return request

    async def Note(self, request_iterator: AsyncIterator[Any], context: Any) -> Any:
        async for _ in request_iterator:
            self.count += 1
        return bench_pb2.Count(count=self.count)

    async def Noted(self, request: Any, context: Any) -> Any:
        return bench_pb2.Count(count=self.count)


async def main() -> None:
    port, transport = sys.argv[1:3]
    server = grpc.aio.server(options=PATIENT)
    bench_pb2_grpc.add_EchoServicer_to_server(Echo(), server)
    if transport == "tls":
        folder = Path(properties(sys.argv[3:])["IceSSL.DefaultDir"])
        pair = ((folder / "server.key").read_bytes(), (folder / "server.pem").read_bytes())
        server.add_secure_port(f"127.0.0.1:{port}", grpc.ssl_server_credentials([pair]))
    else:
        server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    gc.freeze()
    print("ready", flush=True)
    await server.wait_for_termination()


asyncio.run(main())
