"""Ice's names in one place, for programs written for Ice for Python: `from pushnet import ice as Ice`.

Each name is that of stock Ice 3.7 and means the same. What is not here, and why, stands in
`docs/reference/compatibility.md`. What blocks in Ice returns a Deferred, which is awaited; and a world comes
first where something of it is needed: `Ice.initialize(world, sys.argv)`, `Ice.generateUUID(world)`.
"""

from __future__ import annotations

from typing import Final

from pushnet.gen.ice.locator import (
    AdapterAlreadyActiveException,
    AdapterNotFoundException,
    InvalidReplicaGroupIdException,
    LocatorFinderPrx,
    LocatorPrx,
    LocatorRegistryPrx,
    ObjectNotFoundException,
    ServerNotFoundException,
)
from pushnet.gen.ice.locator import LocatorFinderServant as LocatorFinder
from pushnet.gen.ice.locator import LocatorRegistryServant as LocatorRegistry
from pushnet.gen.ice.locator import LocatorServant as Locator
from pushnet.gen.ice.logger import (
    LoggerAdminPrx,
    LogMessage,
    LogMessageType,
    RemoteLoggerAlreadyAttachedException,
    RemoteLoggerPrx,
)
from pushnet.gen.ice.logger import LoggerAdminServant as LoggerAdmin
from pushnet.gen.ice.logger import RemoteLoggerServant as RemoteLogger
from pushnet.gen.ice.process import ProcessPrx, PropertiesAdminPrx
from pushnet.gen.ice.process import ProcessServant as Process
from pushnet.gen.ice.process import PropertiesAdminServant as PropertiesAdmin
from pushnet.gen.ice.router import RouterFinderPrx, RouterPrx
from pushnet.gen.ice.router import RouterFinderServant as RouterFinder
from pushnet.gen.ice.router import RouterServant as Router
from pushnet.rpc.acm import ACM, ACMClose, ACMHeartbeat, ConnectionClose
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.admin.properties import PropertiesAdminUpdateCallback
from pushnet.rpc.admin.properties import PropertiesFacet as NativePropertiesAdmin
from pushnet.rpc.batch import BatchRequestInterceptor, CompressBatch
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.connection import Connection
from pushnet.rpc.current import Current
from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
    BadMagicException,
    CloseConnectionException,
    CloseTimeoutException,
    CommunicatorDestroyedException,
    CompressionException,
    ConnectFailedException,
    ConnectionLostException,
    ConnectionManuallyClosedException,
    ConnectionNotValidatedException,
    ConnectionRefusedException,
    ConnectionTimeoutException,
    ConnectTimeoutException,
    DatagramLimitException,
    DNSException,
    EndpointParseException,
    EndpointSelectionTypeParseException,
    FacetNotExistException,
    FeatureNotSupportedException,
    FileException,
    FixedProxyException,
    IdentityParseException,
    IllegalIdentityException,
    IllegalMessageSizeException,
    IllegalServantException,
    InitializationException,
    InvocationCanceledException,
    InvocationTimeoutException,
    LocalException,
    MarshalException,
    MemoryLimitException,
    NoEndpointException,
    NotRegisteredException,
    NoValueFactoryException,
    ObjectAdapterDeactivatedException,
    ObjectAdapterIdInUseException,
    ObjectNotExistException,
    OperationNotExistException,
    ProtocolException,
    ProxyParseException,
    RequestFailedException,
    SecurityException,
    SocketException,
    SyscallException,
    TimeoutException,
    TwowayOnlyException,
    UnexpectedObjectException,
    UnknownException,
    UnknownLocalException,
    UnknownMessageException,
    UnknownReplyStatusException,
    UnknownUserException,
    UnmarshalOutOfBoundsException,
    UnsupportedEncodingException,
    UnsupportedProtocolException,
    VersionParseException,
)
from pushnet.rpc.exceptions import IceException as Exception
from pushnet.rpc.implicit_context import ImplicitContext
from pushnet.rpc.info import (
    ConnectionInfo,
    IPConnectionInfo,
    SSLConnectionInfo,
    TCPConnectionInfo,
    UDPConnectionInfo,
    WSConnectionInfo,
)
from pushnet.rpc.initialization import InitializationData, createProperties, initialize
from pushnet.rpc.logger import Logger
from pushnet.rpc.properties import Properties
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.proxy_options import (
    proxyIdentityAndFacetCompare,
    proxyIdentityAndFacetEqual,
    proxyIdentityCompare,
    proxyIdentityEqual,
)
from pushnet.rpc.reference import EndpointSelectionType
from pushnet.rpc.servant import Blobject, BlobjectAsync
from pushnet.rpc.servant import Servant as Object
from pushnet.rpc.servant_locators import ServantLocator
from pushnet.rpc.value_factories import ValueFactories as ValueFactoryManager
from pushnet.wire.endpoint_info import SSL as SSLEndpointType
from pushnet.wire.endpoint_info import TCP as TCPEndpointType
from pushnet.wire.endpoint_info import UDP as UDPEndpointType
from pushnet.wire.endpoint_info import WS as WSEndpointType
from pushnet.wire.endpoint_info import WSS as WSSEndpointType
from pushnet.wire.endpoint_info import (
    EndpointInfo,
    IPEndpointInfo,
    OpaqueEndpointInfo,
    SSLEndpointInfo,
    TCPEndpointInfo,
    UDPEndpointInfo,
    WSEndpointInfo,
)
from pushnet.wire.endpoints import Endpoint
from pushnet.wire.enums import SliceEnum as EnumBase
from pushnet.wire.escapes import ToStringMode
from pushnet.wire.identity import Identity, identityToString, stringToIdentity
from pushnet.wire.request import OperationMode
from pushnet.wire.slices import UserException
from pushnet.wire.values import SlicedData, SliceInfo, UnknownSlicedValue, Value
from pushnet.wire.version_text import (
    currentEncoding,
    currentProtocol,
    currentProtocolEncoding,
    encodingVersionToString,
    protocolVersionToString,
    stringToEncodingVersion,
    stringToProtocolVersion,
)
from pushnet.wire.versions import Encoding_1_0, Encoding_1_1, EncodingVersion, Protocol_1_0, ProtocolVersion
from pushnet.world import World

Unset: Final = None
"""An optional value that is not there is None here."""

BTEndpointType: Final = 6
BTSEndpointType: Final = 7
BuiltinBool: Final = 0
BuiltinByte: Final = 1
BuiltinShort: Final = 2
BuiltinInt: Final = 3
BuiltinLong: Final = 4
BuiltinFloat: Final = 5
BuiltinDouble: Final = 6

iAPEndpointType: Final = 8
iAPSEndpointType: Final = 9


def generateUUID(world: World) -> str:
    """A name that nobody else has."""
    return world.entropy.uuid()


__all__ = [
    "ACM",
    "ACMClose",
    "ACMHeartbeat",
    "AdapterAlreadyActiveException",
    "AdapterNotFoundException",
    "AlreadyRegisteredException",
    "BTEndpointType",
    "BTSEndpointType",
    "BadMagicException",
    "BatchRequestInterceptor",
    "Blobject",
    "BlobjectAsync",
    "BuiltinBool",
    "BuiltinByte",
    "BuiltinDouble",
    "BuiltinFloat",
    "BuiltinInt",
    "BuiltinLong",
    "BuiltinShort",
    "CloseConnectionException",
    "CloseTimeoutException",
    "Communicator",
    "CommunicatorDestroyedException",
    "CompressBatch",
    "CompressionException",
    "ConnectFailedException",
    "ConnectTimeoutException",
    "Connection",
    "ConnectionClose",
    "ConnectionInfo",
    "ConnectionLostException",
    "ConnectionManuallyClosedException",
    "ConnectionNotValidatedException",
    "ConnectionRefusedException",
    "ConnectionTimeoutException",
    "Current",
    "DNSException",
    "DatagramLimitException",
    "EncodingVersion",
    "Encoding_1_0",
    "Encoding_1_1",
    "Endpoint",
    "EndpointInfo",
    "EndpointParseException",
    "EndpointSelectionType",
    "EndpointSelectionTypeParseException",
    "EnumBase",
    "Exception",
    "FacetNotExistException",
    "FeatureNotSupportedException",
    "FileException",
    "FixedProxyException",
    "IPConnectionInfo",
    "IPEndpointInfo",
    "Identity",
    "IdentityParseException",
    "IllegalIdentityException",
    "IllegalMessageSizeException",
    "IllegalServantException",
    "ImplicitContext",
    "InitializationData",
    "InitializationException",
    "InvalidReplicaGroupIdException",
    "InvocationCanceledException",
    "InvocationTimeoutException",
    "LocalException",
    "Locator",
    "LocatorFinder",
    "LocatorFinderPrx",
    "LocatorPrx",
    "LocatorRegistry",
    "LocatorRegistryPrx",
    "LogMessage",
    "LogMessageType",
    "Logger",
    "LoggerAdmin",
    "LoggerAdminPrx",
    "MarshalException",
    "MemoryLimitException",
    "NativePropertiesAdmin",
    "NoEndpointException",
    "NoValueFactoryException",
    "NotRegisteredException",
    "Object",
    "ObjectAdapter",
    "ObjectAdapterDeactivatedException",
    "ObjectAdapterIdInUseException",
    "ObjectNotExistException",
    "ObjectNotFoundException",
    "ObjectPrx",
    "OpaqueEndpointInfo",
    "OperationMode",
    "OperationNotExistException",
    "Process",
    "ProcessPrx",
    "Properties",
    "PropertiesAdmin",
    "PropertiesAdminPrx",
    "PropertiesAdminUpdateCallback",
    "ProtocolException",
    "ProtocolVersion",
    "Protocol_1_0",
    "ProxyParseException",
    "RemoteLogger",
    "RemoteLoggerAlreadyAttachedException",
    "RemoteLoggerPrx",
    "RequestFailedException",
    "Router",
    "RouterFinder",
    "RouterFinderPrx",
    "RouterPrx",
    "SSLConnectionInfo",
    "SSLEndpointInfo",
    "SSLEndpointType",
    "SecurityException",
    "ServantLocator",
    "ServerNotFoundException",
    "SliceInfo",
    "SlicedData",
    "SocketException",
    "SyscallException",
    "TCPConnectionInfo",
    "TCPEndpointInfo",
    "TCPEndpointType",
    "TimeoutException",
    "ToStringMode",
    "TwowayOnlyException",
    "UDPConnectionInfo",
    "UDPEndpointInfo",
    "UDPEndpointType",
    "UnexpectedObjectException",
    "UnknownException",
    "UnknownLocalException",
    "UnknownMessageException",
    "UnknownReplyStatusException",
    "UnknownSlicedValue",
    "UnknownUserException",
    "UnmarshalOutOfBoundsException",
    "Unset",
    "UnsupportedEncodingException",
    "UnsupportedProtocolException",
    "UserException",
    "Value",
    "ValueFactoryManager",
    "VersionParseException",
    "WSConnectionInfo",
    "WSEndpointInfo",
    "WSEndpointType",
    "WSSEndpointType",
    "createProperties",
    "currentEncoding",
    "currentProtocol",
    "currentProtocolEncoding",
    "encodingVersionToString",
    "generateUUID",
    "iAPEndpointType",
    "iAPSEndpointType",
    "identityToString",
    "initialize",
    "protocolVersionToString",
    "proxyIdentityAndFacetCompare",
    "proxyIdentityAndFacetEqual",
    "proxyIdentityCompare",
    "proxyIdentityEqual",
    "stringToEncodingVersion",
    "stringToIdentity",
    "stringToProtocolVersion",
]
