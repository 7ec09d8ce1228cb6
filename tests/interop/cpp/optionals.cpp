// Optionals: members, parameters and results in every format; tags nobody knows; nothing of it in encoding 1.0.
#include "optionals.h"
#include "peer.h"

using namespace Optionals;

namespace
{

using AnyPrx = std::shared_ptr<Ice::ObjectPrx>;
using SmallPtr = std::shared_ptr<Small>;
using ValuePtr = std::shared_ptr<Ice::Value>;
template <class T> using Maybe = Ice::optional<T>;
const auto unset = Ice::nullopt;

class PassingI : public Passing
{
public:
    std::shared_ptr<All> passAll(std::shared_ptr<All> value, std::shared_ptr<All>& same, const Ice::Current&) override
    {
        same = value;
        return value;
    }

    std::shared_ptr<WithValue> passWithValue(std::shared_ptr<WithValue> value, const Ice::Current&) override
    {
        return value;
    }

    std::shared_ptr<Derived> passDerived(std::shared_ptr<All> value, const Ice::Current&) override
    {
        const auto derived = std::make_shared<Derived>();
        static_cast<All&>(*derived) = *value;
        derived->own = "own";
        derived->again = std::string("again");
        derived->more = Fixed{3, 4};
        return derived;
    }

    std::shared_ptr<Defaults> passDefaults(std::shared_ptr<Defaults> value, const Ice::Current&) override
    {
        return value;
    }

    ValuePtr passSliced(ValuePtr value, const Ice::Current&) override { return value; }
};

#define PASS(type, name)                                                                                              \
    Maybe<type> name(Maybe<type> value, Maybe<type>& same, const Ice::Current&) override                              \
    {                                                                                                                  \
        same = value;                                                                                                  \
        return value;                                                                                                  \
    }

class ParametersI : public Parameters
{
public:
    PASS(bool, passBool)
    PASS(Ice::Byte, passByte)
    PASS(short, passShort)
    PASS(int, passInt)
    PASS(long long, passLong)
    PASS(float, passFloat)
    PASS(double, passDouble)
    PASS(std::string, passString)
    PASS(Tone, passTone)
    PASS(Fixed, passFixed)
    PASS(Open, passOpen)
    PASS(AnyPrx, passProxy)
    PASS(Bools, passBools)
    PASS(Bytes, passBytes)
    PASS(Shorts, passShorts)
    PASS(Ints, passInts)
    PASS(Doubles, passDoubles)
    PASS(Strings, passStrings)
    PASS(Fixeds, passFixeds)
    PASS(Opens, passOpens)
    PASS(Tones, passTones)
    PASS(Pairs, passPairs)
    PASS(Texts, passTexts)
    PASS(OpensByInt, passOpensByInt)
    PASS(SmallPtr, passSmall)
    PASS(Smalls, passSmalls)

    int mix(Maybe<std::string> a, int b, Maybe<int> c, std::string d, Maybe<Ints>, std::string& f, Maybe<int>& g,
            Maybe<std::string>& h, const Ice::Current&) override
    {
        f = d;
        g = c;
        h = a;
        return b;
    }

    Maybe<std::string> many(Maybe<int> a, Maybe<std::string> b, int& c, Maybe<Ints>& d, Maybe<Tone>& e,
                            const Ice::Current&) override
    {
        c = 7;
        if (a)
        {
            d = Ints(3, *a);
        }
        else
        {
            e = Tone::high;
        }
        return b;
    }

    void nothing(const Ice::Current&) override {}
};

void serve(const Ice::ObjectAdapterPtr& adapter)
{
    adapter->add(std::make_shared<PassingI>(), Ice::stringToIdentity("optionals/passing"));
    adapter->add(std::make_shared<ParametersI>(), Ice::stringToIdentity("optionals/parameters"));
}

std::shared_ptr<PassingPrx> there(const Where& where) { return where.proxy<PassingPrx>("optionals/passing"); }

std::shared_ptr<ParametersPrx> withParameters(const Where& where)
{
    return where.proxy<ParametersPrx>("optionals/parameters");
}

template <class T> struct Plain
{
    using Type = T;
};

template <class T>
using Operation = Maybe<T> (ParametersPrx::*)(const Maybe<T>&, Maybe<T>&, const Ice::Context&);

// Each value comes back twice: as the result and as the out parameter; in encoding 1.0 as nothing.
template <class T>
void pass(const Where& where, Operation<T> operation, const std::vector<typename Plain<T>::Type>& values)
{
    const auto parameters = withParameters(where);
    for (size_t i = 0; i < values.size(); ++i)
    {
        const T value = values[i];
        Maybe<T> out = value;
        const Maybe<T> back = ((*parameters).*operation)(Maybe<T>(value), out, Ice::noExplicitContext);
        const auto number = std::to_string(i);
        if (where.old)
        {
            hold(!back && !out, "the value number " + number + " is not there");
            continue;
        }
        hold(back && alike(*back, value), "the result is the value number " + number);
        hold(out && alike(*out, value), "the out parameter is the value number " + number);
    }
}

template <class T> void without(const Where& where, Operation<T> operation)
{
    Maybe<T> out = T();
    const Maybe<T> back = ((*withParameters(where)).*operation)(unset, out, Ice::noExplicitContext);
    hold(!back && !out, "neither result nor out parameter are there");
}

template <class T> T up(int size)
{
    T all;
    for (int number = 0; number < size; ++number)
    {
        all.push_back(static_cast<typename T::value_type>(number));
    }
    return all;
}

std::shared_ptr<All> full(const AnyPrx& proxy)
{
    const auto all = std::make_shared<All>();
    all->flag = false;
    all->octet = static_cast<Ice::Byte>(255);
    all->before = "before";
    all->small = static_cast<short>(-32768);
    all->medium = 2147483647;
    all->large = -1LL;
    all->rough = 0.5f;
    all->fine = 1e300;
    all->text = std::string(300, 'x');
    all->tone = Tone::high;
    all->fixed = Fixed{-1, 2};
    all->open = Open{"x", 1};
    all->proxy = proxy;
    all->bools = Bools(300, true);
    all->bytes = Bytes(300, 2);
    all->shorts = up<Shorts>(300);
    all->ints = up<Ints>(300);
    all->doubles = Doubles(255, 1.0);
    all->strings = Strings{"a", ""};
    all->fixeds = Fixeds(255, Fixed{1, 2});
    all->opens = Opens{{"", 1}, {"y", 2}};
    all->tones = Tones{Tone::high, Tone::low};
    all->pairs = Pairs{{1, 2}, {3, 4}};
    all->texts = Texts{{"", "a"}};
    all->openByInt = OpensByInt{{1, {"", 1}}};
    all->far = 9;
    all->behind = "behind";
    return all;
}

// All members but the proxy.
bool alikeAll(const All& a, const All& b)
{
    return std::tie(a.flag, a.octet, a.before, a.small, a.medium, a.large, a.rough, a.fine, a.text, a.tone, a.fixed,
                    a.open, a.bools, a.bytes, a.shorts, a.ints, a.doubles, a.strings, a.fixeds, a.opens, a.tones,
                    a.pairs, a.texts, a.openByInt, a.far, a.behind) ==
           std::tie(b.flag, b.octet, b.before, b.small, b.medium, b.large, b.rough, b.fine, b.text, b.tone, b.fixed,
                    b.open, b.bools, b.bytes, b.shorts, b.ints, b.doubles, b.strings, b.fixeds, b.opens, b.tones,
                    b.pairs, b.texts, b.openByInt, b.far, b.behind);
}

// Only what is required.
std::shared_ptr<All> required(const All& all)
{
    const auto bare = std::make_shared<All>();
    bare->before = all.before;
    bare->behind = all.behind;
    return bare;
}

void parametersOfEveryKind(const Where& where)
{
    using P = ParametersPrx;
    pass<bool>(where, &P::passBool, {true, false});
    pass<Ice::Byte>(where, &P::passByte, {0, 255});
    pass<short>(where, &P::passShort, {0, -32768});
    pass<int>(where, &P::passInt, {0, 2147483647});
    pass<long long>(where, &P::passLong, {0, -1LL << 63});
    pass<float>(where, &P::passFloat, {0.0f, 0.5f});
    pass<double>(where, &P::passDouble, {0.0, 1e300});
    pass<std::string>(where, &P::passString, {"", u8"é", std::string(300, 'x')});
    pass<Tone>(where, &P::passTone, {Tone::low, Tone::high});
    pass<Fixed>(where, &P::passFixed, {{0, 0}, {-1, 2}});
    pass<Open>(where, &P::passOpen, {{"", 1}, {std::string(300, 'x'), -1}});
    pass<AnyPrx>(where, &P::passProxy, {withParameters(where)});
    pass<Bools>(where, &P::passBools, {{}, Bools(300, true)});
    pass<Bytes>(where, &P::passBytes, {{}, Bytes(253, 1), Bytes(254, 1), Bytes(255, 1), Bytes(300, 1)});
    pass<Shorts>(where, &P::passShorts, {{}, {1}, up<Shorts>(126), up<Shorts>(127), up<Shorts>(300)});
    pass<Ints>(where, &P::passInts, {{}, {1}, up<Ints>(63), up<Ints>(64), up<Ints>(300)});
    pass<Doubles>(where, &P::passDoubles, {{}, up<Doubles>(31), up<Doubles>(32), up<Doubles>(254), up<Doubles>(255)});
    pass<Strings>(where, &P::passStrings, {{}, {""}, {"a", std::string(300, 'x')}});
    pass<Fixeds>(where, &P::passFixeds, {{}, Fixeds(42, {1, 2}), Fixeds(255, {1, 2})});
    pass<Opens>(where, &P::passOpens, {{}, {{"", 1}, {std::string(300, 'x'), -1}}});
    pass<Tones>(where, &P::passTones, {{}, {Tone::high, Tone::low}});
    pass<Pairs>(where, &P::passPairs, {{}, {{1, 2}}, {{1, 2}, {3, 4}, {5, 6}}});
    pass<Texts>(where, &P::passTexts, {{}, {{"", "a"}, {"b", ""}}});
    pass<OpensByInt>(where, &P::passOpensByInt, {{}, {{1, {"", 1}}, {2, {"x", 2}}}});
}

void unsetParameters(const Where& where)
{
    using P = ParametersPrx;
    without<bool>(where, &P::passBool);
    without<Ice::Byte>(where, &P::passByte);
    without<short>(where, &P::passShort);
    without<int>(where, &P::passInt);
    without<long long>(where, &P::passLong);
    without<float>(where, &P::passFloat);
    without<double>(where, &P::passDouble);
    without<std::string>(where, &P::passString);
    without<Tone>(where, &P::passTone);
    without<Fixed>(where, &P::passFixed);
    without<Open>(where, &P::passOpen);
    without<AnyPrx>(where, &P::passProxy);
    without<Bools>(where, &P::passBools);
    without<Bytes>(where, &P::passBytes);
    without<Shorts>(where, &P::passShorts);
    without<Ints>(where, &P::passInts);
    without<Doubles>(where, &P::passDoubles);
    without<Strings>(where, &P::passStrings);
    without<Fixeds>(where, &P::passFixeds);
    without<Opens>(where, &P::passOpens);
    without<Tones>(where, &P::passTones);
    without<Pairs>(where, &P::passPairs);
    without<Texts>(where, &P::passTexts);
    without<OpensByInt>(where, &P::passOpensByInt);
    without<SmallPtr>(where, &P::passSmall);
    without<Smalls>(where, &P::passSmalls);
    Maybe<AnyPrx> out;
    const auto back = withParameters(where)->passProxy(AnyPrx(), out);
    HOLDS((!back || !*back) && (!out || !*out));
}

void parametersThatAreInstances(const Where& where)
{
    const auto parameters = withParameters(where);
    const auto small = std::make_shared<Small>(5);
    Maybe<SmallPtr> out;
    const auto back = parameters->passSmall(small, out);
    if (where.old)
    {
        HOLDS(!back && !out);
        return;
    }
    HOLDS(*back == *out && (*back)->number == 5);
    Maybe<Smalls> outSmalls;
    const auto smalls = *parameters->passSmalls(Smalls{small, nullptr, small}, outSmalls);
    HOLDS(smalls[0] == smalls[2] && !smalls[1] && smalls[0] == (*outSmalls)[0]);
}

void requiredAndOptionalOnesTogether(const Where& where)
{
    const auto parameters = withParameters(where);
    std::string f;
    Maybe<int> g;
    Maybe<std::string> h;
    HOLDS(parameters->mix(std::string("a"), 1, 2, "d", Ints{3}, f, g, h) == 1 && f == "d");
    HOLDS(where.old ? !g && !h : g == 2 && h == std::string("a"));
    HOLDS(parameters->mix(unset, 1, unset, "d", unset, f, g, h) == 1 && f == "d" && !g && !h);
    HOLDS(parameters->mix(unset, 1, 2, "", unset, f, g, h) == 1 && f.empty() && !h && (where.old ? !g : g == 2));
    int c = 0;
    Maybe<Ints> d;
    Maybe<Tone> e;
    auto back = parameters->many(4, std::string("b"), c, d, e);
    HOLDS(c == 7 && (where.old || (back == std::string("b") && d == Ints{4, 4, 4} && !e)));
    back = parameters->many(unset, unset, c, d, e);
    HOLDS(c == 7 && !back && !d && (where.old ? !e : e == Tone::high));
}

void tagsNobodyKnowsArePassedOver(const Where& where)
{
    const auto parameters = withParameters(where);
    const auto more = Ice::uncheckedCast<MorePrx>(parameters);
    const auto less = Ice::uncheckedCast<LessPrx>(parameters);
    const auto small = std::make_shared<Small>(1);
    Maybe<int> same;
    auto back = more->passInt(5, std::string(300, 'x'), Opens{{"", 1}}, small, AnyPrx(parameters), same);
    HOLDS(where.old ? !back && !same : back == 5 && same == 5);
    back = more->passInt(unset, unset, Opens{{"", 1}}, unset, AnyPrx(), same);
    HOLDS(!back && !same);
    more->nothing(1, std::string("b"), small, Strings{"x"});
    less->passInt();
    const auto text = less->passString(std::string("back"));
    HOLDS(where.old ? !text : text == std::string("back"));
    std::string f;
    HOLDS(less->mix(1, "d", f) == 1 && f == "d");
}

void allMembers(const Where& where)
{
    const auto passing = there(where);
    const auto all = full(passing);
    const auto wanted = where.old ? required(*all) : all;
    std::shared_ptr<All> out;
    const auto back = passing->passAll(all, out);
    HOLDS(back == out && alikeAll(*back, *wanted));
    HOLDS(where.old ? !back->proxy : alike(*back->proxy, AnyPrx(passing)));
    HOLDS(alikeAll(*std::dynamic_pointer_cast<All>(passing->passSliced(all)), *wanted));
}

void unsetMembers(const Where& where)
{
    const auto passing = there(where);
    std::shared_ptr<All> out;
    HOLDS(alikeAll(*passing->passAll(std::make_shared<All>(), out), All()));
    HOLDS(alikeAll(*std::dynamic_pointer_cast<All>(passing->passSliced(std::make_shared<All>())), All()));
}

template <class T>
void single(const Where& where, const std::shared_ptr<PassingPrx>& passing, const All& all, Maybe<T> All::*member)
{
    const auto one = std::make_shared<All>();
    (*one).*member = all.*member;
    std::shared_ptr<All> out;
    const auto back = passing->passAll(one, out);
    hold(alikeAll(*back, where.old ? *required(*one) : *one), "one member came back");
}

void singleMembers(const Where& where)
{
    const auto passing = there(where);
    const auto all = full(passing);
    single(where, passing, *all, &All::flag);
    single(where, passing, *all, &All::octet);
    single(where, passing, *all, &All::small);
    single(where, passing, *all, &All::medium);
    single(where, passing, *all, &All::fine);
    single(where, passing, *all, &All::text);
    single(where, passing, *all, &All::tone);
    single(where, passing, *all, &All::fixed);
    single(where, passing, *all, &All::open);
    single(where, passing, *all, &All::bytes);
    single(where, passing, *all, &All::ints);
    single(where, passing, *all, &All::fixeds);
    single(where, passing, *all, &All::opens);
    single(where, passing, *all, &All::openByInt);
    single(where, passing, *all, &All::far);
}

void membersOfDerivedClasses(const Where& where)
{
    const auto passing = there(where);
    const auto back = passing->passDerived(full(passing));
    HOLDS(back->own == "own" && back->before == "before" && back->behind == "behind");
    if (where.old)
    {
        HOLDS(!back->again && !back->more && !back->flag);
        return;
    }
    HOLDS(back->again == std::string("again") && back->more == (Fixed{3, 4}) && back->far == 9);
    HOLDS(back->tone == Tone::high);
}

void membersThatAreInstances(const Where& where)
{
    const auto passing = there(where);
    const auto small = std::make_shared<Small>(8);
    auto back = passing->passWithValue(std::make_shared<WithValue>(SmallPtr(small), ValuePtr(small), Smalls{small, nullptr}, 3));
    HOLDS(back->number == 3);
    if (where.old)
    {
        HOLDS(!back->one && !back->any && !back->several);
        return;
    }
    HOLDS((*back->one)->number == 8 && *back->any == *back->one);
    HOLDS((*back->several)[0] == *back->one && !(*back->several)[1]);
    back = passing->passWithValue(std::make_shared<WithValue>(unset, unset, unset, 4));
    HOLDS(!back->one && !back->any && !back->several && back->number == 4);
}

void defaults(const Where& where)
{
    const auto passing = there(where);
    auto back = passing->passDefaults(std::make_shared<Defaults>());
    HOLDS(back->d == 6);
    if (!where.old)
    {
        HOLDS(back->a == 5 && back->b == std::string("b") && back->c == Tone::mid);
        back = passing->passDefaults(std::make_shared<Defaults>(unset, unset, unset, 1));
        HOLDS(!back->a && !back->b && !back->c && back->d == 1);
    }
}

void anotherFormatThanDeclaredIsRefused(const Where& where)
{
    const auto parameters = withParameters(where);
    std::vector<Ice::Byte> out;
    const std::vector<std::vector<Ice::Byte>> wrong = {
        {0x10, 1}, {0x11, 1, 0}, {0x15, 1, 'a'}, {0x12, 1, 0}, {0x17, 0}};
    for (const auto& data : wrong)
    {
        EXACTLY(Ice::UnknownLocalException,
                parameters->ice_invoke("passInt", Ice::OperationMode::Normal, encapsulation(where.encoding, data), out));
    }
    parameters->ice_ping();
}

} // namespace

Area optionals()
{
    return {"optionals",
            {{"parameters_of_every_kind", parametersOfEveryKind},
             {"unset_parameters", unsetParameters},
             {"parameters_that_are_instances", parametersThatAreInstances},
             {"required_and_optional_ones_together", requiredAndOptionalOnesTogether},
             {"tags_nobody_knows_are_passed_over", tagsNobodyKnowsArePassedOver},
             {"members", allMembers},
             {"unset_members", unsetMembers},
             {"single_members", singleMembers},
             {"members_of_derived_classes", membersOfDerivedClasses},
             {"members_that_are_instances", membersThatAreInstances},
             {"defaults", defaults},
             {"another_format_than_declared_is_refused", anotherFormatThanDeclaredIsRefused}},
            serve};
}
