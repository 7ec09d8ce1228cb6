"""What an administrator's tools see of a communicator: the object `<instance>/admin` and its facets.

Requests of `Ice::Process`, `Ice::PropertiesAdmin`, `Ice::LoggerAdmin` and `IceMX::MetricsAdmin` come in; what
the runtime does is observed, as far as a view of the metrics asks for it, and comes out as their answers.
"""
