// Exceptions: declared and not, derived, with members of every kind; what a servant's own failures become.
#include "failures.h"
#include "peer.h"

using namespace Failures;

namespace
{

const auto theSpot = Spot{1, u8"ü"};

[[noreturn]] void raise(Way way, const Ice::Current& current)
{
    const auto last = std::make_shared<Witness>("last", nullptr);
    const auto proxy = current.adapter->getCommunicator()->stringToProxy("a/b -e 1.0:tcp -h 127.0.0.1 -p 1");
    switch (way)
    {
        case Way::bare:
            throw Bare();
        case Way::first:
            throw First(-1);
        case Way::second:
            throw Second(2, "two", theSpot);
        case Way::third:
            throw Third(3, "", theSpot, {"a", ""}, {{"", 7}}, proxy);
        case Way::other:
            throw Other("because");
        case Way::unset:
            throw Optional(1, Ice::nullopt, Ice::nullopt, Ice::nullopt);
        case Way::set:
            throw MoreOptional(1, std::string("t"), 2, theSpot, 0.5, "z");
        case Way::seen:
            throw Seen(std::make_shared<Witness>("first", last), "saw", last);
        case Way::localOne:
            throw Ice::ObjectAdapterDeactivatedException(__FILE__, __LINE__, "x");
        case Way::objectless:
            throw Ice::ObjectNotExistException(__FILE__, __LINE__, Ice::stringToIdentity("who/ever"), "f", "op");
        case Way::faceless:
            throw Ice::FacetNotExistException(__FILE__, __LINE__);
        case Way::runtime:
            throw std::runtime_error("nobody expects it");
        case Way::unknown:
            break;
    }
    throw Ice::UnknownException(__FILE__, __LINE__, "quoted");
}

class ThrowerI : public Thrower
{
public:
    void declared(Way way, const Ice::Current& current) override { raise(way, current); }
    void sliced(Way way, const Ice::Current& current) override { raise(way, current); }
    void compact(Way way, const Ice::Current& current) override { raise(way, current); }
    int derived(Way way, std::string&, const Ice::Current& current) override { raise(way, current); }
    void undeclared(Way way, const Ice::Current& current) override { raise(way, current); }
    int again(Way way, const Ice::Current& current) override { raise(way, current); }
    void later(Way way, const Ice::Current& current) override { raise(way, current); }
    void large(int size, const Ice::Current&) override { throw Other(std::string(size, 'x')); }
};

void serve(const Ice::ObjectAdapterPtr& adapter)
{
    adapter->add(std::make_shared<ThrowerI>(), Ice::stringToIdentity("failures/thrower"));
}

std::shared_ptr<ThrowerPrx> there(const Where& where) { return where.proxy<ThrowerPrx>("failures/thrower"); }

using Raises = void (ThrowerPrx::*)(Way, const Ice::Context&);

void declared(const Where& where, Raises operation)
{
    const auto thrower = there(where);
    const auto call = [&](Way way) { ((*thrower).*operation)(way, Ice::noExplicitContext); };
    EXACTLY(Bare, call(Way::bare));
    HOLDS(EXACTLY(First, call(Way::first))->a == -1);
    const auto second = EXACTLY(Second, call(Way::second));
    HOLDS(second->a == 2 && second->b == "two" && second->c == theSpot);
    const auto third = EXACTLY(Third, call(Way::third));
    HOLDS(third->a == 3 && third->b.empty() && third->c == theSpot);
    HOLDS(third->d == Names{"a", ""} && third->e == Counts{{"", 7}});
    SAME(third->f->ice_toString(), "a/b -t -e 1.0:tcp -h 127.0.0.1 -p 1 -t 60000");
    SAME(EXACTLY(Other, call(Way::other))->why, "because");
}

void derivedOnesArriveWhole(const Where& where) { declared(where, &ThrowerPrx::declared); }
void inTheSlicedFormat(const Where& where) { declared(where, &ThrowerPrx::sliced); }
void inTheCompactFormat(const Where& where) { declared(where, &ThrowerPrx::compact); }

void onlyADerivedOneIsDeclared(const Where& where)
{
    const auto thrower = there(where);
    std::string text;
    HOLDS(EXACTLY(Third, thrower->derived(Way::third, text))->a == 3);
    EXACTLY(Bare, thrower->derived(Way::bare, text));
}

const std::vector<Raises> wide = {&ThrowerPrx::declared, &ThrowerPrx::sliced, &ThrowerPrx::compact};

void optionalMembers(const Where& where)
{
    const auto thrower = there(where);
    for (const auto operation : wide)
    {
        const auto call = [&](Way way) { ((*thrower).*operation)(way, Ice::noExplicitContext); };
        const auto unset = EXACTLY(Optional, call(Way::unset));
        HOLDS(unset->before == 1 && !unset->text && !unset->number && !unset->spot);
        const auto set = EXACTLY(MoreOptional, call(Way::set));
        HOLDS(set->before == 1 && set->behind == "z");
        if (where.old)
        {
            HOLDS(!set->text && !set->number && !set->spot && !set->number1);
        }
        else
        {
            HOLDS(set->text == std::string("t") && set->number == 2 && set->spot == theSpot && set->number1 == 0.5);
        }
    }
}

void membersThatAreInstances(const Where& where)
{
    const auto thrower = there(where);
    for (const auto operation : wide)
    {
        const auto seen = EXACTLY(Seen, ((*thrower).*operation)(Way::seen, Ice::noExplicitContext));
        HOLDS(seen->who->name == "first" && seen->why == "saw" && seen->again->name == "last");
        HOLDS(seen->who->next == seen->again && !seen->again->next);
    }
}

void raisedLater(const Where& where)
{
    const auto thrower = there(where);
    HOLDS(EXACTLY(First, thrower->later(Way::first))->a == -1);
    EXACTLY(Second, thrower->later(Way::second));
    EXACTLY(Ice::UnknownException, thrower->later(Way::runtime));
}

void undeclaredOnesAreUnknown(const Where& where)
{
    const auto thrower = there(where);
    std::string text;
    EXACTLY(Ice::UnknownUserException, thrower->undeclared(Way::bare));
    EXACTLY(Ice::UnknownUserException, thrower->undeclared(Way::third));
    EXACTLY(Ice::UnknownUserException, thrower->undeclared(Way::set));
    EXACTLY(Ice::UnknownUserException, thrower->derived(Way::first, text));
    EXACTLY(Ice::UnknownUserException, thrower->derived(Way::second, text));
    EXACTLY(Ice::UnknownUserException, thrower->again(Way::other));
    EXACTLY(Ice::UnknownUserException, thrower->later(Way::other));
}

void localOnesOfAServant(const Where& where)
{
    const auto thrower = there(where);
    const std::vector<std::function<void(Way)>> calls = {[&](Way way) { thrower->declared(way); },
                                                         [&](Way way) { thrower->undeclared(way); },
                                                         [&](Way way) { thrower->again(way); }};
    for (const auto& call : calls)
    {
        const auto unknown = EXACTLY(Ice::UnknownLocalException, call(Way::localOne))->unknown;
        hold(unknown.find("ObjectAdapterDeactivatedException") != std::string::npos, "it is named: " + unknown);
        EXACTLY(Ice::UnknownException, call(Way::runtime));
        SAME(EXACTLY(Ice::UnknownException, call(Way::unknown))->unknown, "quoted");
    }
}

void aServantMaySayThatItIsNotThere(const Where& where)
{
    const auto thrower = there(where);
    const auto first = EXACTLY(Ice::ObjectNotExistException, thrower->declared(Way::objectless));
    HOLDS(first->id == Ice::stringToIdentity("who/ever") && first->facet == "f" && first->operation == "op");
    const auto second = EXACTLY(Ice::FacetNotExistException, thrower->declared(Way::faceless));
    HOLDS(second->id == Ice::stringToIdentity("failures/thrower"));
    HOLDS(second->facet.empty() && second->operation == "declared");
}

void aConnectionSurvivesThem(const Where& where)
{
    const auto thrower = there(where);
    const auto connection = thrower->ice_getConnection();
    for (const auto way : {Way::bare, Way::third, Way::runtime, Way::localOne, Way::objectless})
    {
        FAILS( thrower->declared(way));
        FAILS( thrower->undeclared(way));
    }
    HOLDS(thrower->ice_getConnection() == connection);
}

void largeOnes(const Where& where)
{
    for (const int size : {0, 255, 100000, 900000})
    {
        HOLDS(EXACTLY(Other, there(where)->large(size))->why.size() == static_cast<size_t>(size));
    }
}

std::string asText(const std::vector<Ice::Byte>& bytes) { return {bytes.begin(), bytes.end()}; }

void throughBytes(const Where& where)
{
    const auto thrower = there(where);
    std::vector<Ice::Byte> out;
    HOLDS(!thrower->ice_invoke("declared", Ice::OperationMode::Normal, encapsulation(where.encoding, {0}), out));
    HOLDS(out[4] == 1 && out[5] == (where.old ? 0 : 1));
    HOLDS(asText(out).find("::Failures::Bare") != std::string::npos);
    HOLDS(!thrower->ice_invoke("undeclared", Ice::OperationMode::Normal, encapsulation(where.encoding, {4}), out));
    HOLDS(asText(out).find("::Failures::Other") != std::string::npos);
}

void requestsThatCannotBeRead(const Where& where)
{
    const auto thrower = there(where);
    std::vector<Ice::Byte> out;
    const auto told = [&](const std::vector<Ice::Byte>& params)
    {
        return EXACTLY(Ice::UnknownLocalException,
                       thrower->ice_invoke("declared", Ice::OperationMode::Normal, params, out))
            ->unknown;
    };
    for (const auto& params : {encapsulation(where.encoding, {}), encapsulation(where.encoding, {0x77})})
    {
        const auto text = told(params);
        hold(text.find("MarshalException") != std::string::npos ||
                 text.find("UnmarshalOutOfBoundsException") != std::string::npos,
             text);
    }
    for (const auto& params : std::vector<std::vector<Ice::Byte>>{{7, 0, 0, 0, 2, 0, 0}, {7, 0, 0, 0, 1, 5, 0}})
    {
        const auto text = told(params);
        hold(text.find("UnsupportedEncodingException") != std::string::npos, text);
    }
    thrower->ice_ping();
}

void onewayRequestsThatFailAreSilent(const Where& where)
{
    const auto thrower = there(where);
    std::vector<Ice::Byte> out;
    for (Ice::Byte number = 0; number < 13; ++number)
    {
        HOLDS(thrower->ice_oneway()->ice_invoke("undeclared", Ice::OperationMode::Normal,
                                                encapsulation(where.encoding, {number}), out));
    }
    thrower->ice_ping();
}

void messagesThatAreTooLarge(const Where& where)
{
    const auto thrower = there(where);
    const int size = 2000000;
    std::vector<Ice::Byte> out;
    const auto params = encapsulation(where.encoding, std::vector<Ice::Byte>(size, 'x'));
    const std::vector<std::function<void()>> calls = {
        [&] { thrower->large(size); },
        [&] { thrower->ice_invoke("declared", Ice::OperationMode::Normal, params, out); }};
    for (const auto& call : calls)
    {
        try
        {
            call();
            throw Mismatch("nothing was raised");
        }
        catch (const Ice::MemoryLimitException&)
        {
        }
        catch (const Ice::ConnectionLostException&)
        {
        }
    }
    thrower->ice_ping();
}

} // namespace

Area failures()
{
    return {"failures",
            {{"derived_ones_arrive_whole", derivedOnesArriveWhole},
             {"in_the_sliced_format", inTheSlicedFormat},
             {"in_the_compact_format", inTheCompactFormat},
             {"only_a_derived_one_is_declared", onlyADerivedOneIsDeclared},
             {"optional_members", optionalMembers},
             {"members_that_are_instances", membersThatAreInstances},
             {"raised_later", raisedLater},
             {"undeclared_ones_are_unknown", undeclaredOnesAreUnknown},
             {"local_ones_of_a_servant", localOnesOfAServant},
             {"a_servant_may_say_that_it_is_not_there", aServantMaySayThatItIsNotThere},
             {"a_connection_survives_them", aConnectionSurvivesThem},
             {"large_ones", largeOnes},
             {"through_bytes", throughBytes},
             {"requests_that_cannot_be_read", requestsThatCannotBeRead},
             {"oneway_requests_that_fail_are_silent", onewayRequestsThatFailAreSilent},
             {"messages_that_are_too_large", messagesThatAreTooLarge}},
            serve};
}
