// Calls and connections: many at once, given up, in batches, over connections that are closed or chosen.
#include "calling.h"
#include "peer.h"

#include <chrono>
#include <future>
#include <mutex>

using namespace Calling;

namespace
{

const std::string dead = "tcp -h 127.0.0.1 -p 1";

class WorkerI : public Worker
{
public:
    int add(int a, int b, const Ice::Current&) override { return a + b; }
    int twice(int n, const Ice::Current&) override { return 2 * n; }

    void waitAsync(std::string gate, int n, std::function<void(int)> response, std::function<void(std::exception_ptr)>,
                   const Ice::Current&) override
    {
        const std::lock_guard<std::mutex> guard(_mutex);
        _gates[gate].emplace_back(std::move(response), n);
    }

    int open(std::string gate, const Ice::Current&) override
    {
        std::vector<std::pair<std::function<void(int)>, int>> waiting;
        {
            const std::lock_guard<std::mutex> guard(_mutex);
            waiting.swap(_gates[gate]);
        }
        for (const auto& one : waiting)
        {
            one.first(one.second);
        }
        return static_cast<int>(waiting.size());
    }

    int waiting(std::string gate, const Ice::Current&) override
    {
        const std::lock_guard<std::mutex> guard(_mutex);
        return static_cast<int>(_gates[gate].size());
    }

    void note(std::string key, const Ice::Current&) override
    {
        const std::lock_guard<std::mutex> guard(_mutex);
        ++_noted[key];
    }

    int noted(std::string key, const Ice::Current&) override
    {
        const std::lock_guard<std::mutex> guard(_mutex);
        return _noted[key];
    }

    Bytes echo(Bytes value, const Ice::Current&) override { return value; }
    Texts context(const Ice::Current& current) override { return current.ctx; }

    int port(const Ice::Current& current) override
    {
        auto info = current.con->getInfo();
        while (info->underlying)
        {
            info = info->underlying;
        }
        return std::dynamic_pointer_cast<Ice::IPConnectionInfo>(info)->remotePort;
    }

    void close(bool gracefully, const Ice::Current& current) override
    {
        current.con->close(gracefully ? Ice::ConnectionClose::Gracefully : Ice::ConnectionClose::Forcefully);
    }

private:
    std::mutex _mutex;
    std::map<std::string, std::vector<std::pair<std::function<void(int)>, int>>> _gates;
    std::map<std::string, int> _noted;
};

void serve(const Ice::ObjectAdapterPtr& adapter)
{
    adapter->add(std::make_shared<WorkerI>(), Ice::stringToIdentity("calling/worker"));
}

std::shared_ptr<WorkerPrx> there(const Where& where) { return where.proxy<WorkerPrx>("calling/worker"); }

std::shared_ptr<WorkerPrx> with(const Where& where, const std::string& endpoints)
{
    return Ice::uncheckedCast<WorkerPrx>(
        where.communicator->stringToProxy("calling/worker -e " + where.encoding + ":" + endpoints));
}

std::string key(const Where& where, const std::string& name)
{
    return name + " cpp " + where.transport() + where.encoding;
}

void until(const std::function<int()>& number, int wanted)
{
    for (int i = 0; i < 3000 && number() != wanted; ++i)
    {
    }
    hold(number() == wanted, std::to_string(number()) + " is " + std::to_string(wanted));
}

void manyCallsAtOnce(const Where& where)
{
    const auto worker = there(where);
    const auto gate = key(where, "many");
    std::vector<std::future<int>> calls;
    for (int n = 0; n < 300; ++n)
    {
        calls.push_back(worker->waitAsync(gate, n));
    }
    until([&] { return worker->waiting(gate); }, 300);
    HOLDS(worker->add(1, 2) == 3);
    HOLDS(worker->open(gate) == 300);
    for (int n = 0; n < 300; ++n)
    {
        HOLDS(calls[n].get() == n);
    }
}

void callsThatTakeTooLong(const Where& where)
{
    const auto worker = there(where);
    const auto gate = key(where, "slow");
    const int port = worker->port();
    const auto hasty = worker->ice_invocationTimeout(60);
    HOLDS(hasty->ice_getInvocationTimeout() == 60 && worker->ice_getInvocationTimeout() == -1);
    EXACTLY(Ice::InvocationTimeoutException, hasty->wait(gate, 1));
    HOLDS(hasty->add(1, 2) == 3 && worker->port() == port);
    worker->open(gate);
    HOLDS(worker->add(2, 2) == 4);
}

void callsThatAreGivenUp(const Where& where)
{
    const auto worker = there(where);
    const auto gate = key(where, "cancelled");
    std::promise<int> ended;
    const auto cancel = worker->waitAsync(
        gate, 1, [&](int n) { ended.set_value(n); }, [&](std::exception_ptr error) { ended.set_exception(error); });
    until([&] { return worker->waiting(gate); }, 1);
    cancel();
    EXACTLY(Ice::InvocationCanceledException, ended.get_future().get());
    worker->open(gate);
    HOLDS(worker->add(1, 2) == 3);
}

void batchesFlushThemselves(const Where& where)
{
    const auto worker = there(where);
    const auto name = key(where, "batch") + std::string(100, 'x');
    const auto batch = worker->ice_batchOneway();
    for (int n = 0; n < 100; ++n)
    {
        batch->note(name);
    }
    const int sent = worker->noted(name);
    hold(24 < sent && sent < 100, std::to_string(sent) + " have been sent without a flush");
    batch->ice_flushBatchRequests();
    until([&] { return worker->noted(name); }, 100);
    batch->note(name);
    where.communicator->flushBatchRequests(Ice::CompressBatch::BasedOnProxy);
    worker->ice_ping();
}

void batchesOfAConnection(const Where& where)
{
    const auto worker = there(where);
    const auto name = key(where, "fixed");
    const auto connection = worker->ice_getConnection();
    const auto fixed = worker->ice_fixed(connection);
    HOLDS(fixed->ice_isFixed() && !worker->ice_isFixed());
    HOLDS(fixed->add(1, 2) == 3);
    const auto batch = fixed->ice_batchOneway();
    for (int n = 0; n < 3; ++n)
    {
        batch->note(name);
    }
    connection->flushBatchRequests(Ice::CompressBatch::BasedOnProxy);
    until([&] { return worker->noted(name); }, 3);
}

void connectionsAreSharedById(const Where& where)
{
    const auto worker = there(where);
    const int port = worker->port();
    HOLDS(there(where)->port() == port);
    const auto other = worker->ice_connectionId("other");
    SAME(other->ice_getConnectionId(), "other");
    HOLDS(other->port() != port && worker->ice_connectionId("other")->port() == other->port());
    HOLDS(worker->port() == port);
}

void connectionsThatAreClosed(const Where& where)
{
    const auto worker = there(where)->ice_connectionId("to be closed");
    const int port = worker->port();
    worker->ice_getCachedConnection()->close(Ice::ConnectionClose::GracefullyWithWait);
    HOLDS(worker->port() != port);
    const auto gate = key(where, "closing");
    auto call = worker->waitAsync(gate, 5);
    until([&] { return there(where)->waiting(gate); }, 1);
    const auto connection = worker->ice_getCachedConnection();
    auto closing =
        std::async(std::launch::async, [&] { connection->close(Ice::ConnectionClose::GracefullyWithWait); });
    there(where)->open(gate);
    HOLDS(call.get() == 5);
    closing.get();
}

void serversThatCloseGracefully(const Where& where)
{
    const auto worker = there(where)->ice_connectionId("closed by the server");
    const auto name = key(where, "closed");
    const int before = worker->noted(name);
    for (int count = 1; count < 4; ++count)
    {
        std::vector<std::future<void>> calls;
        for (int n = 0; n < 10; ++n)
        {
            calls.push_back(worker->noteAsync(name));
        }
        calls.push_back(worker->closeAsync(true));
        for (int n = 0; n < 10; ++n)
        {
            calls.push_back(worker->noteAsync(name));
        }
        for (auto& call : calls)
        {
            call.get();
        }
        HOLDS(worker->noted(name) == before + 20 * count);
    }
}

void idempotentCallsAreRepeated(const Where& where)
{
    const auto worker = there(where)->ice_connectionId("cut");
    EXACTLY(Ice::ConnectionLostException, worker->close(false));
    HOLDS(worker->twice(4) == 8);
}

void endpointsAreChosen(const Where& where)
{
    for (const auto& endpoints : {dead + ":" + where.endpoint, where.endpoint + ":" + dead,
                                  dead + ":" + dead + ":" + where.endpoint})
    {
        for (const auto selection : {Ice::EndpointSelectionType::Ordered, Ice::EndpointSelectionType::Random})
        {
            const auto chosen = with(where, endpoints)->ice_endpointSelection(selection)->ice_connectionCached(false);
            HOLDS(chosen->ice_getEndpointSelection() == selection);
            for (int n = 0; n < 3; ++n)
            {
                HOLDS(chosen->twice(n) == 2 * n);
            }
        }
    }
    EXACTLY(Ice::ConnectionRefusedException, with(where, dead)->twice(1));
    EXACTLY(Ice::NoEndpointException, where.communicator->stringToProxy("calling/worker")->ice_ping());
    const auto secure = there(where)->ice_secure(true);
    if (where.transport() == "tcp" || where.transport() == "ws")
    {
        EXACTLY(Ice::NoEndpointException, secure->ice_ping());
    }
    else
    {
        HOLDS(secure->twice(2) == 4);
    }
}

void compressedCalls(const Where& where)
{
    const auto worker = there(where);
    const auto packed = worker->ice_compress(true);
    for (const size_t size : {0, 50, 99, 100, 1000, 500000})
    {
        Bytes value(size);
        for (size_t n = 0; n < size; ++n)
        {
            value[n] = static_cast<Ice::Byte>(n * n % 251);
        }
        HOLDS(packed->echo(value) == value);
    }
    const auto name = key(where, "packed") + std::string(1000, 'x');
    packed->ice_oneway()->note(name);
    until([&] { return worker->noted(name); }, 1);
}

void implicitContexts(const Where& where)
{
    const auto worker = there(where);
    const auto implicit = where.communicator->getImplicitContext();
    implicit->setContext({{"a", "b"}});
    HOLDS(worker->context() == (Texts{{"a", "b"}}));
    SAME(implicit->put("c", "d"), "");
    HOLDS(worker->context() == (Texts{{"a", "b"}, {"c", "d"}}));
    HOLDS(worker->ice_context({{"a", "own"}, {"e", "f"}})->context() ==
          (Texts{{"a", "own"}, {"c", "d"}, {"e", "f"}}));
    HOLDS(worker->context({{"g", "h"}}) == (Texts{{"g", "h"}}));
    HOLDS(implicit->remove("a") == "b" && !implicit->containsKey("a") && implicit->get("c") == "d");
    HOLDS(worker->context() == (Texts{{"c", "d"}}));
    implicit->setContext({});
    HOLDS(worker->context().empty());
}

void whatProxiesTell(const Where& where)
{
    const auto worker = there(where);
    const auto again = with(where, where.endpoint);
    HOLDS(Ice::targetEqualTo(worker, again) && !Ice::targetEqualTo(worker->ice_oneway(), worker));
    HOLDS(Ice::targetEqualTo(worker->ice_oneway()->ice_twoway(), worker));
    HOLDS(worker->ice_isTwoway() && worker->ice_oneway()->ice_isOneway());
    HOLDS(worker->ice_batchOneway()->ice_isBatchOneway() && worker->ice_datagram()->ice_isDatagram());
    HOLDS(worker->ice_getFacet().empty() && worker->ice_getAdapterId().empty());
    SAME(worker->ice_facet("f")->ice_getFacet(), "f");
    SAME(worker->ice_adapterId("a")->ice_getAdapterId(), "a");
    HOLDS(worker->ice_adapterId("a")->ice_getEndpoints().empty());
    HOLDS(worker->ice_isConnectionCached() && !worker->ice_isSecure() && !worker->ice_isPreferSecure());
    HOLDS(worker->ice_timeout(500)->ice_toString().find(" -t 500") != std::string::npos);
    HOLDS(worker->ice_compress(true)->ice_toString().find(" -z") != std::string::npos);
}

void datagramsNeedAnEndpoint(const Where& where)
{
    EXACTLY(Ice::NoEndpointException, there(where)->ice_datagram()->ice_ping());
}

} // namespace

Area calling()
{
    return {"calling",
            {{"many_calls_at_once", manyCallsAtOnce},
             {"calls_that_take_too_long", callsThatTakeTooLong},
             {"calls_that_are_given_up", callsThatAreGivenUp},
             {"batches_flush_themselves", batchesFlushThemselves},
             {"batches_of_a_connection", batchesOfAConnection},
             {"connections_are_shared_by_id", connectionsAreSharedById},
             {"connections_that_are_closed", connectionsThatAreClosed},
             {"servers_that_close_gracefully_lose_nothing", serversThatCloseGracefully},
             {"idempotent_calls_are_repeated", idempotentCallsAreRepeated},
             {"endpoints_are_chosen", endpointsAreChosen},
             {"compressed_calls", compressedCalls},
             {"implicit_contexts", implicitContexts},
             {"what_proxies_tell", whatProxiesTell},
             {"datagrams_need_an_endpoint", datagramsNeedAnEndpoint}},
            serve};
}
