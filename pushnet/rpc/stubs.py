"""The one place from which generated code imports the runtime.

`Current` and `Communicator` are both a `Source`: readers of values with proxies take either.
"""

from pushnet.rpc.current import CallContext, Current
from pushnet.rpc.operations import Operation, ServantOperation, Source
from pushnet.rpc.proxy import ObjectPrx, read_proxy, write_proxy
from pushnet.rpc.servant import Blobject, Servant
from pushnet.wire.slices import ExceptionSlice, UserException

__all__ = [
    "Blobject",
    "CallContext",
    "Current",
    "ExceptionSlice",
    "ObjectPrx",
    "Operation",
    "Servant",
    "ServantOperation",
    "Source",
    "UserException",
    "read_proxy",
    "write_proxy",
]
