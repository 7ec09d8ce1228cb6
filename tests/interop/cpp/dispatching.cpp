// Dispatch: facets, default servants, servant locators, requests as bytes, calls back on the same connection.
#include "dispatching.h"
#include "peer.h"

#include <mutex>

using namespace Dispatching;

namespace
{

// What servants and locators have done, for all areas of this file.
class Log
{
public:
    void add(const std::string& line)
    {
        const std::lock_guard<std::mutex> guard(_mutex);
        _lines.push_back(line);
    }
    Names take()
    {
        const std::lock_guard<std::mutex> guard(_mutex);
        Names lines;
        lines.swap(_lines);
        return lines;
    }

private:
    std::mutex _mutex;
    Names _lines;
};

class FoundI : public Found
{
public:
    FoundI(std::string name, std::shared_ptr<Log> log) : _name(std::move(name)), _log(std::move(log)) {}
    std::string who(const Ice::Current& current) override
    {
        return _name + ": " + current.id.category + "/" + current.id.name + " " + current.facet + " " +
               current.operation;
    }
    void refuse(const Ice::Current&) override { throw Lost(_name); }
    void crash(const Ice::Current&) override { throw Ice::ObjectAdapterDeactivatedException(__FILE__, __LINE__, "x"); }
    Names log(const Ice::Current&) override { return _log->take(); }
    int answer(int n, const Ice::Current&) override { return n; }

private:
    std::string _name;
    std::shared_ptr<Log> _log;
};

// The name of the identity says what it does.
class Locator : public Ice::ServantLocator
{
public:
    explicit Locator(std::shared_ptr<Log> log) : _log(std::move(log)) {}

    std::shared_ptr<Ice::Object> locate(const Ice::Current& current, std::shared_ptr<void>& cookie) override
    {
        const auto& name = current.id.name;
        if (name == "nobody")
        {
            return nullptr;
        }
        if (name == "lost")
        {
            throw Lost("by the locator");
        }
        if (name == "nowhere")
        {
            throw Ice::ObjectNotExistException(__FILE__, __LINE__);
        }
        if (name == "crash")
        {
            throw Ice::ObjectAdapterDeactivatedException(__FILE__, __LINE__, "x");
        }
        if (current.operation != "log")
        {
            _log->add("locate " + name + " " + current.operation);
        }
        cookie = std::make_shared<std::string>("cookie of " + name);
        return std::make_shared<FoundI>("located", _log);
    }

    void finished(const Ice::Current& current, const std::shared_ptr<Ice::Object>&,
                  const std::shared_ptr<void>& cookie) override
    {
        if (current.operation != "log")
        {
            _log->add("finished " + current.id.name + " " + *std::static_pointer_cast<std::string>(cookie));
        }
        if (current.id.name == "unfinished")
        {
            throw Lost("at the end");
        }
        if (current.id.name == "crashed")
        {
            throw Ice::ObjectAdapterDeactivatedException(__FILE__, __LINE__, "x");
        }
    }

    void deactivate(const std::string&) override {}

private:
    std::shared_ptr<Log> _log;
};

class TellerI : public Teller
{
public:
    explicit TellerI(std::string name) : _name(std::move(name)) {}
    std::string tell(const Ice::Current&) override { return _name; }

private:
    std::string _name;
};

class OtherI : public Other
{
public:
    explicit OtherI(std::string name) : _name(std::move(name)) {}
    std::string tell(const Ice::Current&) override { return _name; }
    std::string otherwise(const Ice::Current&) override { return _name; }

private:
    std::string _name;
};

class BlobI : public Ice::Blobject
{
public:
    bool ice_invoke(std::vector<Ice::Byte> params, std::vector<Ice::Byte>& out, const Ice::Current& current) override
    {
        if (current.operation == "gone")
        {
            throw Ice::ObjectNotExistException(__FILE__, __LINE__);
        }
        out = params;
        return current.operation != "fail";
    }
};

class BackI : public Back
{
public:
    std::string callBack(std::string category, std::string name, int n, const Ice::Current& current) override
    {
        return Ice::uncheckedCast<CallerPrx>(current.con->createProxy({name, category}))->name(n);
    }
    std::string about(const Ice::Current& current) override
    {
        const auto info = current.con->getInfo();
        return std::string(info->incoming ? "True" : "False") + " " + current.con->type() + " " + info->adapterName;
    }
};

class CallerI : public Caller
{
public:
    std::string name(int n, const Ice::Current&) override { return "caller " + std::to_string(n); }
};

void serve(const Ice::ObjectAdapterPtr& adapter)
{
    const auto log = std::make_shared<Log>();
    const auto identity = [](const std::string& text) { return Ice::stringToIdentity(text); };
    adapter->add(std::make_shared<TellerI>("facet "), identity("dispatching/faceted"));
    adapter->addFacet(std::make_shared<TellerI>("facet a"), identity("dispatching/faceted"), "a");
    adapter->addFacet(std::make_shared<OtherI>("facet b"), identity("dispatching/faceted"), "b");
    adapter->addFacet(std::make_shared<OtherI>(u8"facet ü €"), identity("dispatching/faceted"), u8"ü €");
    adapter->addFacet(std::make_shared<TellerI>("only"), identity("dispatching/only"), "only");
    adapter->addDefaultServant(std::make_shared<FoundI>("default", log), "default");
    adapter->add(std::make_shared<FoundI>("itself", log), identity("default/itself"));
    adapter->addServantLocator(std::make_shared<Locator>(log), "located");
    adapter->add(std::make_shared<BlobI>(), identity("dispatching/blob"));
    adapter->add(std::make_shared<BackI>(), identity("dispatching/back"));
}

std::shared_ptr<FoundPrx> one(const Where& where, const std::string& identity)
{
    return where.proxy<FoundPrx>(identity);
}

void facets(const Where& where)
{
    const auto faceted = where.proxy<TellerPrx>("dispatching/faceted");
    SAME(faceted->tell(), "facet ");
    HOLDS(!Ice::checkedCast<OtherPrx>(faceted));
    for (const std::string facet : {"a", "b", u8"ü €"})
    {
        const auto teller = Ice::checkedCast<TellerPrx>(faceted, facet);
        SAME(teller->ice_getFacet(), facet);
        SAME(teller->tell(), "facet " + facet);
        HOLDS((Ice::checkedCast<OtherPrx>(faceted, facet) == nullptr) == (facet == "a"));
    }
    const auto other = Ice::checkedCast<OtherPrx>(faceted, "b");
    SAME(other->otherwise(), "facet b");
    SAME(Ice::uncheckedCast<TellerPrx>(other)->tell(), "facet b");
    SAME(Ice::uncheckedCast<TellerPrx>(other, "")->tell(), "facet ");
    HOLDS(!Ice::checkedCast<TellerPrx>(faceted, "none"));
    EXACTLY(Ice::FacetNotExistException, where.proxy<TellerPrx>("dispatching/only")->tell());
    SAME(where.proxy<TellerPrx>("dispatching/only", "-f only")->tell(), "only");
}

void defaultServants(const Where& where)
{
    for (const std::string name : {"one", "two", u8"ü"})
    {
        const auto found = one(where, "default/" + name);
        SAME(found->who(), "default: default/" + name + "  who");
        SAME(found->ice_facet("any")->ice_id(), "::Dispatching::Found");
    }
    SAME(one(where, "default/itself")->who(), "itself: default/itself  who");
    SAME(EXACTLY(Lost, one(where, "default/x")->refuse())->why, "default");
    EXACTLY(Ice::ObjectNotExistException, one(where, "elsewhere/x")->who());
}

void servantLocators(const Where& where)
{
    const auto found = one(where, "located/some");
    found->log();
    SAME(found->who(), "located: located/some  who");
    HOLDS(found->log() == (Names{"locate some who", "finished some cookie of some"}));
    HOLDS(one(where, "located/plain")->answer(7) == 7);
    HOLDS(found->log().size() == 2);
    SAME(EXACTLY(Lost, found->refuse())->why, "located");
    HOLDS(found->log() == (Names{"locate some refuse", "finished some cookie of some"}));
    EXACTLY(Ice::UnknownLocalException, found->crash());
    HOLDS(found->log().size() == 2);
    found->ice_ping();
    HOLDS(found->log().size() == 2);
}

void servantLocatorsThatFail(const Where& where)
{
    const auto nobody = EXACTLY(Ice::ObjectNotExistException, one(where, "located/nobody")->refuse());
    HOLDS(nobody->id == Ice::stringToIdentity("located/nobody") && nobody->operation == "refuse");
    EXACTLY(Ice::ObjectNotExistException, one(where, "located/nowhere")->refuse());
    EXACTLY(Ice::UnknownLocalException, one(where, "located/crash")->refuse());
    SAME(EXACTLY(Lost, one(where, "located/lost")->refuse())->why, "by the locator");
    SAME(EXACTLY(Lost, one(where, "located/unfinished")->refuse())->why, "at the end");
    EXACTLY(Ice::UnknownLocalException, one(where, "located/crashed")->refuse());
}

void requestsAsBytes(const Where& where)
{
    const auto blob = where.proxy<Ice::ObjectPrx>("dispatching/blob");
    std::vector<Ice::Byte> out;
    const auto params = encapsulation(where.encoding, std::vector<Ice::Byte>(300, 7));
    const auto empty = encapsulation(where.encoding, {});
    for (const auto mode : {Ice::OperationMode::Normal, Ice::OperationMode::Nonmutating, Ice::OperationMode::Idempotent})
    {
        HOLDS(blob->ice_invoke("anything", mode, params, out) && out == params);
        HOLDS(!blob->ice_invoke("fail", mode, params, out) && out == params);
    }
    const auto normal = Ice::OperationMode::Normal;
    HOLDS(blob->ice_invoke("anything", normal, empty, out) && out == empty);
    EXACTLY(Ice::ObjectNotExistException, blob->ice_invoke("gone", normal, empty, out));
    HOLDS(blob->ice_oneway()->ice_invoke("anything", normal, empty, out));
    HOLDS(blob->ice_invoke(u8"ü €", normal, empty, out, {{"a", "b"}}) && out == empty);
}

void callsBack(const Where& where)
{
    const auto back = where.proxy<BackPrx>("dispatching/back");
    const auto adapter = where.communicator->createObjectAdapter("");
    adapter->add(std::make_shared<CallerI>(), Ice::stringToIdentity("back/me"));
    const auto connection = back->ice_getConnection();
    connection->setAdapter(adapter);
    for (int n = 0; n < 20; ++n)
    {
        SAME(back->callBack("back", "me", n), "caller " + std::to_string(n));
    }
    EXACTLY(Ice::ObjectNotExistException, back->callBack("back", "nobody", 1));
    connection->setAdapter(nullptr);
    EXACTLY(Ice::ObjectNotExistException, back->callBack("back", "me", 1));
    adapter->destroy();
}

void whatConnectionsTell(const Where& where)
{
    const auto back = where.proxy<BackPrx>("dispatching/back");
    SAME(back->about(), "True " + where.transport() + " Server");
    const auto connection = back->ice_getConnection();
    auto info = connection->getInfo();
    HOLDS(!info->incoming && info->adapterName.empty() && connection->type() == where.transport());
    while (info->underlying)
    {
        info = info->underlying;
    }
    const auto address = std::dynamic_pointer_cast<Ice::IPConnectionInfo>(info);
    HOLDS(address->remoteAddress == "127.0.0.1" && address->localAddress == "127.0.0.1");
    HOLDS(where.endpoint.find("-p " + std::to_string(address->remotePort)) != std::string::npos);
}

} // namespace

Area dispatching()
{
    return {"dispatching",
            {{"facets", facets},
             {"default_servants", defaultServants},
             {"servant_locators", servantLocators},
             {"servant_locators_that_fail", servantLocatorsThatFail},
             {"requests_as_bytes", requestsAsBytes},
             {"calls_back_on_the_same_connection", callsBack},
             {"what_connections_tell", whatConnectionsTell}},
            serve};
}
