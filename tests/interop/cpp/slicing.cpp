// Slicing: instances and exceptions whose types the other side does not know, cut down or kept and sent back.
#include "peer.h"
#include "strangers.h"

using namespace Slicing;

namespace
{

using BasePtr = std::shared_ptr<Base>;
using KeptPtr = std::shared_ptr<Kept>;
using ValuePtr = std::shared_ptr<Ice::Value>;
template <class T, class... A> std::shared_ptr<T> a(A&&... members)
{
    return std::make_shared<T>(std::forward<A>(members)...);
}
const BasePtr noBase;
const KeptPtr noKept;

// An instance; those of module Stock the other side does not know.
ValuePtr made(What which)
{
    const auto ring = a<Stock::Stranger>("ring", noBase, "own", noBase);
    const auto friend1 = a<Stock::KeptStranger>("friend", noKept, "own", noKept, Kepts());
    switch (which)
    {
        case What::known:
            return a<Known>("known", noBase, "k");
        case What::stranger:
            return a<Stock::Stranger>("stranger", a<Known>("next", noBase, "n"), "own", noBase);
        case What::far:
            return a<Stock::Far>("far", noBase, "own", noBase, 7, std::string("text"), BasePtr(a<Base>("other", noBase)));
        case What::cousin:
            return a<Stock::Cousin>("cousin", noBase, "k", "own");
        case What::compactFar:
            return a<Stock::CompactFar>("compact", noBase, 5, "own");
        case What::lost:
            return a<Stock::Stranger>("lost", noBase, "own", a<Known>("only there", noBase, "k"));
        case What::kept:
            return a<Stock::KeptStranger>("kept", friend1, "own", friend1, Kepts{friend1, nullptr});
        case What::keptFar:
            return a<Stock::KeptFar>("far", noKept, "own", noKept, Kepts(), std::string("text"), 8, friend1);
        case What::keptCousin:
            return a<Stock::KeptCousin>("cousin", noKept, "more", 0.5);
        case What::alone:
            return a<Stock::Alone>("own", a<Stock::Alone>("next", nullptr));
        case What::ring:
            ring->next = ring->mate = ring;
            return ring;
    }
    return nullptr;
}

template <class T> std::shared_ptr<T> madeA(What which) { return std::dynamic_pointer_cast<T>(made(which)); }

[[noreturn]] void raise(What which)
{
    switch (which)
    {
        case What::known:
            throw KnownError("known", "k", a<Base>("b", noBase));
        case What::stranger:
            throw Stock::StrangeError("stranger", "own", a<Base>("b", noBase));
        case What::far:
            throw Stock::FarError("far", "k", a<Stock::Stranger>("inside", noBase, "own", noBase), 5,
                                  std::string("text"));
        case What::kept:
            throw Stock::KeptStrangeError("kept", a<Kept>("k", noKept), "own", a<Kept>("mate", noKept));
        default:
            throw Stock::AloneError("own");
    }
}

class LookI : public Look
{
public:
    BasePtr make(What which, const Ice::Current&) override { return madeA<Base>(which); }
    ValuePtr makeValue(What which, const Ice::Current&) override { return made(which); }
    KeptPtr makeKept(What which, const Ice::Current&) override { return madeA<Kept>(which); }
    BasePtr makeCompact(What which, const Ice::Current&) override { return madeA<Base>(which); }

    Bases makeSeveral(const Ice::Current&) override
    {
        const auto far = madeA<Base>(What::far);
        return {far, nullptr, a<Base>("base", far), far, madeA<Base>(What::ring)};
    }

    BasesByInt makeByInt(const Ice::Current&) override
    {
        BasesByInt all;
        for (int number = 0; number < 5; ++number)
        {
            all[number] = a<Stock::Stranger>(std::to_string(number), noBase, "own", a<Base>("mate", noBase));
        }
        return all;
    }

    std::string see(BasePtr value, std::string& base, const Ice::Current&) override
    {
        base = value->base;
        return value->ice_id();
    }
    std::string seeValue(ValuePtr value, const Ice::Current&) override { return value->ice_id(); }
    std::string seeCompact(BasePtr value, const Ice::Current&) override { return value->ice_id(); }
    BasePtr pass(BasePtr value, const Ice::Current&) override { return value; }
    KeptPtr passKept(KeptPtr value, const Ice::Current&) override { return value; }
    Kepts passKepts(Kepts value, const Ice::Current&) override { return value; }
    ValuePtr passValue(ValuePtr value, const Ice::Current&) override { return value; }
    void fail(What which, const Ice::Current&) override { raise(which); }
    void failCompact(What which, const Ice::Current&) override { raise(which); }
    void failUndeclared(What which, const Ice::Current&) override { raise(which); }
};

void serve(const Ice::ObjectAdapterPtr& adapter)
{
    adapter->add(std::make_shared<LookI>(), Ice::stringToIdentity("slicing/look"));
}

std::shared_ptr<LookPrx> there(const Where& where) { return where.proxy<LookPrx>("slicing/look"); }

// The value, which must be of exactly that class.
template <class T> std::shared_ptr<T> only(const ValuePtr& value)
{
    hold(value && typeid(*value) == typeid(T), "what came is a " + T::ice_staticId());
    return std::dynamic_pointer_cast<T>(value);
}

std::string lastPart(const std::string& typeId) { return typeId.substr(typeId.rfind(':') + 1); }

void whatIsKnownArrives(const Where& where)
{
    const auto look = there(where);
    for (const auto& value : std::vector<ValuePtr>{look->make(What::known), look->makeValue(What::known),
                                                   look->makeCompact(What::known)})
    {
        const auto known = only<Known>(value);
        HOLDS(known->base == "known" && known->known == "k" && !known->next);
    }
}

void strangersAreCutDown(const Where& where)
{
    const auto look = there(where);
    const std::vector<std::function<ValuePtr(What)>> ways = {[&](What which) { return look->make(which); },
                                                             [&](What which) { return look->makeValue(which); }};
    for (const auto& make : ways)
    {
        const auto stranger = only<Base>(make(What::stranger));
        HOLDS(stranger->base == "stranger" && only<Known>(stranger->next)->known == "n");
        SAME(only<Base>(make(What::far))->base, "far");
        SAME(only<Known>(make(What::cousin))->known, "k");
        SAME(only<Base>(make(What::lost))->base, "lost");
        HOLDS(only<Compact>(make(What::compactFar))->number == 5);
    }
}

void ringsStayRings(const Where& where)
{
    const auto value = only<Base>(there(where)->make(What::ring));
    HOLDS(value->next == value);
}

void inCollections(const Where& where)
{
    const auto several = there(where)->makeSeveral();
    HOLDS(several.size() == 5 && several[0] == several[3] && !several[1] && several[2]->next == several[0]);
    HOLDS(several[4]->next == several[4] && several[4]->base == "ring");
    const auto byInt = there(where)->makeByInt();
    HOLDS(byInt.size() == 5);
    for (const auto& one : byInt)
    {
        SAME(only<Base>(one.second)->base, std::to_string(one.first));
    }
}

void theCompactFormatCannotBeCut(const Where& where)
{
    const auto look = there(where);
    if (where.old)
    {
        SAME(only<Base>(look->makeCompact(What::stranger))->base, "stranger");
        SAME(look->seeCompact(madeA<Base>(What::far)), "::Slicing::Base");
        return;
    }
    for (const auto which : {What::stranger, What::far, What::cousin})
    {
        EXACTLY(Ice::NoValueFactoryException, look->makeCompact(which));
        const auto unknown = EXACTLY(Ice::UnknownLocalException, look->seeCompact(madeA<Base>(which)))->unknown;
        hold(unknown.find("NoValueFactoryException") != std::string::npos, unknown);
    }
}

void whatTheOtherSideSees(const Where& where)
{
    const auto look = there(where);
    const auto check = [&](What which, const std::string& kind, const std::string& base)
    {
        std::string told;
        SAME(look->see(madeA<Base>(which), told), "::Slicing::" + kind);
        SAME(told, base);
        SAME(look->seeValue(made(which)), "::Slicing::" + kind);
    };
    check(What::known, "Known", "known");
    check(What::stranger, "Base", "stranger");
    check(What::far, "Base", "far");
    check(What::cousin, "Known", "cousin");
    check(What::compactFar, "Compact", "compact");
    check(What::ring, "Base", "ring");
}

void whatIsCutDownComesBackSo(const Where& where)
{
    const auto look = there(where);
    SAME(only<Base>(look->pass(madeA<Base>(What::far)))->base, "far");
    const auto ring = only<Base>(look->pass(madeA<Base>(What::ring)));
    HOLDS(ring->next == ring);
}

void whatIsKeptComesBackWhole(const Where& where)
{
    const auto look = there(where);
    if (where.old)
    {
        SAME(only<Kept>(look->passKept(madeA<Kept>(What::kept)))->kept, "kept");
        return;
    }
    const std::vector<std::function<ValuePtr(What)>> ways = {
        [&](What which) { return look->passKept(madeA<Kept>(which)); },
        [&](What which) { return look->passValue(made(which)); }};
    for (const auto& pass : ways)
    {
        const auto kept = only<Stock::KeptStranger>(pass(What::kept));
        HOLDS(kept->own == "own" && only<Stock::KeptStranger>(kept->mate)->kept == "friend");
        HOLDS(kept->next == kept->mate && kept->mates[0] == kept->mate && !kept->mates[1]);
        const auto far = only<Stock::KeptFar>(pass(What::keptFar));
        HOLDS(far->text == std::string("text") && far->number == 8 && far->friend1->own == "own");
        HOLDS(only<Stock::KeptCousin>(pass(What::keptCousin))->own == 0.5);
    }
    const auto kept = madeA<Stock::KeptStranger>(What::kept);
    const auto back = look->passKepts({kept, nullptr, kept, kept->mate});
    HOLDS(back[0] == back[2] && !back[1] && only<Stock::KeptStranger>(back[0])->mate == back[3]);
}

void whatNobodyKnowsComesBackWhole(const Where& where)
{
    const auto look = there(where);
    if (where.old)
    {
        const auto unknown = EXACTLY(Ice::UnknownLocalException, look->seeValue(made(What::alone)))->unknown;
        hold(unknown.find("NoValueFactoryException") != std::string::npos, unknown);
        return;
    }
    SAME(look->seeValue(made(What::alone)), "::Stock::Alone");
    const auto back = only<Stock::Alone>(look->passValue(made(What::alone)));
    HOLDS(back->own == "own" && back->next->own == "next");
}

void whatIsKeptCanBeLookedAt(const Where& where)
{
    const auto look = there(where);
    if (where.old)
    {
        EXACTLY(Ice::NoValueFactoryException, look->makeValue(What::alone));
        return;
    }
    const auto kept = only<Kept>(look->makeKept(What::kept));
    HOLDS(kept->kept == "kept" && kept->next->kept == "friend");
    HOLDS(kept->ice_getSlicedData()->slices.size() == 1);
    SAME(lastPart(kept->ice_getSlicedData()->slices[0]->typeId), "KeptStranger");
    const auto far = only<Kept>(look->makeKept(What::keptFar))->ice_getSlicedData()->slices;
    HOLDS(far.size() == 2);
    SAME(lastPart(far[0]->typeId) + lastPart(far[1]->typeId), "KeptFarKeptStranger");
    const auto cousin = only<KeptMore>(look->makeKept(What::keptCousin));
    HOLDS(cousin->more == "more" && cousin->ice_getSlicedData()->slices.size() == 1);
    const auto alone = only<Ice::UnknownSlicedValue>(look->makeValue(What::alone));
    SAME(lastPart(alone->ice_id()), "Alone");
    HOLDS(alone->ice_getSlicedData()->slices.size() == 1);
    HOLDS(alone->ice_getSlicedData()->slices[0]->instances.size() == 1);
}

void exceptionsAreCutDown(const Where& where)
{
    const auto look = there(where);
    const auto known = EXACTLY(KnownError, look->fail(What::known));
    HOLDS(known->base == "known" && known->known == "k" && known->instance->base == "b");
    SAME(EXACTLY(BaseError, look->fail(What::stranger))->base, "stranger");
    const auto far = EXACTLY(KnownError, look->fail(What::far));
    HOLDS(far->base == "far" && far->known == "k" && only<Base>(far->instance)->base == "inside");
    const auto kept = EXACTLY(KeptError, look->fail(What::kept));
    HOLDS(kept->kept == "kept" && kept->instance->kept == "k");
    if (where.old)
    {
        EXACTLY(Ice::UnmarshalOutOfBoundsException, look->fail(What::alone));
    }
    else
    {
        EXACTLY(Ice::UnknownUserException, look->fail(What::alone));
    }
}

void exceptionsInTheCompactFormat(const Where& where)
{
    const auto look = there(where);
    SAME(EXACTLY(KnownError, look->failCompact(What::known))->known, "k");
    if (where.old)
    {
        EXACTLY(BaseError, look->failCompact(What::stranger));
        EXACTLY(KeptError, look->failCompact(What::kept));
        return;
    }
    EXACTLY(Ice::UnknownUserException, look->failCompact(What::stranger));
    EXACTLY(Ice::UnknownUserException, look->failCompact(What::kept));
    EXACTLY(Ice::UnknownUserException, look->failUndeclared(What::known));
    EXACTLY(Ice::UnknownUserException, look->failUndeclared(What::stranger));
    EXACTLY(Ice::UnknownUserException, look->failUndeclared(What::alone));
}

} // namespace

Area slicing()
{
    return {"slicing",
            {{"what_is_known_arrives", whatIsKnownArrives},
             {"strangers_are_cut_down_to_what_is_known", strangersAreCutDown},
             {"rings_stay_rings", ringsStayRings},
             {"in_collections", inCollections},
             {"the_compact_format_cannot_be_cut", theCompactFormatCannotBeCut},
             {"what_the_other_side_sees", whatTheOtherSideSees},
             {"what_is_cut_down_comes_back_so", whatIsCutDownComesBackSo},
             {"what_is_kept_comes_back_whole", whatIsKeptComesBackWhole},
             {"what_nobody_knows_comes_back_whole", whatNobodyKnowsComesBackWhole},
             {"what_is_kept_can_be_looked_at", whatIsKeptCanBeLookedAt},
             {"exceptions_are_cut_down", exceptionsAreCutDown},
             {"exceptions_in_the_compact_format", exceptionsInTheCompactFormat}},
            serve};
}
