"""The names of properties that Ice 3.7 and 3.8 know, so that a misspelt one is told and not overlooked.

Names of other programs' sections (`IceGrid.`, `IceBox.`...) belong to those programs and are not judged.
What of all this has an effect here stands in `docs/reference/properties.md`.
"""

from __future__ import annotations

import re

SECTIONS = (
    "Ice",
    "IceMX",
    "IceDiscovery",
    "IceLocatorDiscovery",
    "IceBox",
    "IceBoxAdmin",
    "IceBridge",
    "IceGridAdmin",
    "IceGrid",
    "IcePatch2",
    "IcePatch2Client",
    "IceSSL",
    "IceStormAdmin",
    "IceStorm",
    "IceBT",
    "Glacier2",
    "Glacier2CryptPermissionsVerifier",
    "Freeze",
    "Pushnet",
)
"""Prefixes that `parseIceCommandLineOptions` takes from a command line; the last one is ours."""

_POOL = "(Size|SizeMax|SizeWarn|StackSize|Serialize|ThreadIdleTime|ThreadPriority)"
_CONNECTION = "(CloseTimeout|ConnectTimeout|EnableIdleCheck|IdleTimeout|InactivityTimeout|MaxDispatches)"
_PROXY = (
    "(EndpointSelection|ConnectionCached|PreferSecure|LocatorCacheTimeout|InvocationTimeout|"
    r"CollocationOptimized|Context\..+|(Locator|Router)(\..+)?)"
)
_ADAPTER = (
    r"(ACM(\.(Timeout|Heartbeat|Close))?|AdapterId|AllowedOrigins|Endpoints|Locator(\..+)?|ProxyOptions|"
    r"PublishedEndpoints|PublishedHost|ReplicaGroupId|Router(\..+)?|MaxConnections|MessageSizeMax|"
    rf"Connection\.{_CONNECTION}|ThreadPool\.{_POOL})"
)
_ICE = (
    r"AcceptClassCycles|ACM\.((Client|Server)\.)?(Timeout|Heartbeat|Close)|ACM\.(Client|Server)|"
    rf"Admin\.({_ADAPTER}|DelayCreation|Enabled|Facets|InstanceName|Logger\..+|ServerId)|"
    "BackgroundLocatorCacheUpdates|BatchAutoFlush|BatchAutoFlushSize|CacheMessageBuffers|ChangeUser|"
    r"ClassGraphDepthMax|ClientAccessPolicyProtocol|CollectObjects|Compression\.Level|Config|"
    r"Connection\.MaxDispatches|ConsoleListener|"
    rf"Connection\.(Client|Server)\.{_CONNECTION}|"
    r"Default\.(CollocationOptimized|EncodingVersion|EndpointSelection|Host|InvocationTimeout|"
    r"LocatorCacheTimeout|Package|PreferSecure|Protocol|SlicedFormat|SourceAddress|Timeout|"
    r"(Locator|Router)(\..+)?)|"
    r"EventLog\.Source|FactoryAssemblies|HTTPProxy(Host|Port)|ImplicitContext|InitPlugins|IPv4|IPv6|PreferIPv6Address|"
    r"LogFile(\.SizeMax)?|LogStdErr\.Convert|MessageSizeMax|Nohup|"
    r"Override\.(CloseTimeout|Compress|ConnectTimeout|Secure|Timeout)|Package\..+|Plugin\..+|PluginLoadOrder|"
    "PreloadAssemblies|ThreadInterruptSafe|UseApplicationClassLoader|"
    "PrintAdapterReady|PrintProcessId|PrintStackTraces|ProgramName|RetryIntervals|ServerIdleTime|"
    rf"SOCKSProxy(Host|Port)|StdErr|StdOut|SyslogFacility|ThreadPool\.(Client|Server)\.{_POOL}|"
    r"ThreadPriority|ToStringMode|"
    r"Trace\.(Admin\.(Properties|Logger)|Dispatch|Locator|Network|Protocol|Retry|Slicing|ThreadPool)|"
    r"TCP\.(Backlog|RcvSize|SndSize)|UDP\.(RcvSize|SndSize)|UseOSLog|UseSyslog|UseSystemdJournal|"
    r"Warn\.(AMICallback|Connections|Datagrams|Dispatch|Endpoints|Executor|UnknownProperties|UnusedProperties)"
)
_SSL = (
    "Alias|CAs|CertAuthDir|CertAuthFile|CertFile|CertificateRevocationListFiles|CertStore|CertStoreLocation|CertVerifier|CheckCRL|"
    r"CheckCertName|CheckCertName\.Host|Ciphers|DefaultDir|DH\..+|DHParams|EntropyDaemon|"
    r"FindCert(\..+)?|ImportCert\..+|InitOpenSSL|KeyFile|Keychain|KeychainPassword|Keyset|Key[sS]tore|"
    "KeystorePassword|KeystoreType|PassphraseRetryMax|Password|PasswordCallback|PasswordPrompt|PasswordRetryMax|"
    "Protocols|ProtocolVersionMax|ProtocolVersionMin|Random|RevocationCheck|RevocationCheckCacheOnly|"
    r"SchannelStrongCrypto|Trace\.Security|TrustOnly(\.(Client|Server(\..+)?))?|Truststore|TruststorePassword|"
    "TruststoreType|UsePlatformCAs|VerifyDepthMax|VerifyPeer"
)
_KNOWN = {"Ice": _ICE, "IceSSL": _SSL, "IceMX": r"Metrics\..+"}
"""Compiled when they are needed: most programs need few of them."""

DEPRECATED = {
    "Ice.ACM.Client": "Ice.ACM.Client.Timeout",
    "Ice.ACM.Server": "Ice.ACM.Server.Timeout",
    "Ice.BatchAutoFlush": "Ice.BatchAutoFlushSize",
    "IceSSL.CertAuthFile": "IceSSL.CAs",
    "IceSSL.CertAuthDir": "IceSSL.CAs",
}
"""What to use instead."""

DEFAULTS = {
    "Ice.BatchAutoFlushSize": "1024",
    "Ice.ClassGraphDepthMax": "100",
    "Ice.Compression.Level": "1",
    "Ice.Default.CollocationOptimized": "1",
    "Ice.Default.EncodingVersion": "1.1",
    "Ice.Default.EndpointSelection": "Random",
    "Ice.Default.InvocationTimeout": "-1",
    "Ice.Default.LocatorCacheTimeout": "-1",
    "Ice.Default.Protocol": "tcp",
    "Ice.Default.Timeout": "60000",
    "Ice.IPv4": "1",
    "Ice.IPv6": "1",
    "Ice.MessageSizeMax": "1024",
    "Ice.RetryIntervals": "0",
    "Ice.ToStringMode": "Unicode",
    "Ice.Warn.Connections": "0",
    "Ice.Warn.UnknownProperties": "1",
    "IceSSL.CheckCertName": "0",
    "IceSSL.VerifyDepthMax": "3",
    "IceSSL.VerifyPeer": "2",
}
"""Of what is not set, where that is not nothing or 0."""


def doubt(key: str) -> str | None:
    """What is wrong with the name of a property, in a few words; None when nothing is."""
    section, _, name = key.partition(".")
    known = _KNOWN.get(section)
    if known is None:
        return None
    if key in DEPRECATED:
        return f"deprecated property: `{key}'; use `{DEPRECATED[key]}'"
    if re.fullmatch(known, name):
        return None
    other_case = re.fullmatch(known, name, re.IGNORECASE)
    return f"unknown property: `{key}'" + (
        "; its letters differ in case from a known one" if other_case else ""
    )


def is_known_of_ice(key: str) -> bool:
    section, _, name = key.partition(".")
    known = _KNOWN.get(section)
    return known is not None and re.fullmatch(known, name) is not None


def unknown_of_proxy(keys: list[str], prefix: str) -> list[str]:
    """Those of `keys` that begin with the property of a proxy and mean nothing to it."""
    return [key for key in keys if not re.fullmatch(_PROXY, key[len(prefix) + 1 :])]
