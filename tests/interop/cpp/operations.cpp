// Operations: every kind of value, parameters and results in every order, modes, contexts, who is not there.
#include "operations.h"
#include "peer.h"

#include <cmath>
#include <limits>
#include <mutex>

using namespace Operations;

namespace
{

#define PASS(type, name)                                                                                              \
    type name(type value, type& same, const Ice::Current&) override                                                  \
    {                                                                                                                  \
        same = value;                                                                                                  \
        return value;                                                                                                  \
    }

using AnyPrx = std::shared_ptr<Ice::ObjectPrx>;

class EchoI : public Echo
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
    PASS(Few, passFew)
    PASS(Many, passMany)
    PASS(Wide, passWide)
    PASS(Fixed, passFixed)
    PASS(Whole, passWhole)
    PASS(AnyPrx, passProxy)
    PASS(std::shared_ptr<EchoPrx>, passEcho)
    PASS(Bools, passBools)
    PASS(Bytes, passBytes)
    PASS(Shorts, passShorts)
    PASS(Ints, passInts)
    PASS(Longs, passLongs)
    PASS(Floats, passFloats)
    PASS(Doubles, passDoubles)
    PASS(Strings, passStrings)
    PASS(Fews, passFews)
    PASS(Wides, passWides)
    PASS(Fixeds, passFixeds)
    PASS(Wholes, passWholes)
    PASS(Proxies, passProxies)
    PASS(BytesSeqs, passBytesSeqs)
    PASS(StringsSeqs, passStringsSeqs)
    PASS(StringsSeqsSeqs, passStringsSeqsSeqs)
    PASS(IntsSeqs, passIntsSeqs)
    PASS(ByBool, passByBool)
    PASS(ByByte, passByByte)
    PASS(ByShort, passByShort)
    PASS(ByInt, passByInt)
    PASS(ByLong, passByLong)
    PASS(ByString, passByString)
    PASS(ByFew, passByFew)
    PASS(ByWide, passByWide)
    PASS(ByKey, passByKey)
    PASS(ByName, passByName)
    PASS(Nested, passNested)
    PASS(Maps, passMaps)
    PASS(Lists, passLists)

    std::shared_ptr<BottomPrx>
    passBottom(std::shared_ptr<BottomPrx> value, std::shared_ptr<RootPrx>& same, const Ice::Current&) override
    {
        same = value;
        return value;
    }
};

class ShapesI : public Shapes
{
public:
    void nothing(const Ice::Current&) override {}
    void takes(int, std::string, Few, const Ice::Current&) override {}
    int gives(const Ice::Current&) override { return -7; }
    void givesOne(std::string& a, const Ice::Current&) override { a = "one"; }

    void givesMany(Ice::Byte& a, std::string& b, long long& c, Strings& d, const Ice::Current&) override
    {
        a = 255;
        b = "two";
        c = std::numeric_limits<long long>::min();
        d = {"x", ""};
    }

    std::string givesAll(Ice::Byte& a, std::string& b, long long& c, const Ice::Current&) override
    {
        a = 1;
        b = "out";
        c = 1LL << 40;
        return "returned";
    }

    std::string swaps(std::string a, int b, int& c, std::string& d, const Ice::Current&) override
    {
        c = b + 1;
        d = a;
        return a + "'";
    }

    double sums(Ice::Byte a, short b, int c, long long d, float e, double f, long long& whole, const Ice::Current&)
        override
    {
        whole = a + b + c + d;
        return e + f;
    }

    int twice(int a, const Ice::Current&) override { return 2 * a; }
    int thrice(int a, const Ice::Current&) override { return 3 * a; }

    void laterAsync(int a, std::function<void(int, int)> response, std::function<void(std::exception_ptr)>,
                    const Ice::Current&) override
    {
        response(a + 1, a + 2);
    }

    About tell(const Ice::Current& current) override
    {
        return {current.id.name,
                current.id.category,
                current.facet,
                current.operation,
                static_cast<int>(current.mode),
                current.requestId != 0,
                current.encoding.minor,
                current.adapter->getName()};
    }

    ByString context(const Ice::Current& current) override { return current.ctx; }

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

private:
    std::mutex _mutex;
    std::map<std::string, int> _noted;
};

class InterfaceI : public interface
{
public:
    int _cpp_class(int a, int b, int c, int& d, int& e, const Ice::Current&) override
    {
        d = a;
        e = b;
        return a + b + c;
    }
    std::string from(std::string a, std::string b, const Ice::Current&) override { return a + b; }
    std::string _cpp_double(std::string a, const Ice::Current&) override { return a + a; }
    void del(const Ice::Current&) override {}
    int is_it(int a, const Ice::Current&) override { return a; }
    int _cpp_switch(int a, int b, int c, int& d, const Ice::Current&) override
    {
        d = c;
        return a + b;
    }
};

class BottomI : public Bottom
{
public:
    std::string where(const Ice::Current&) override { return "root"; }
    std::string goLeft(const Ice::Current&) override { return "left"; }
    std::string goRight(const Ice::Current&) override { return "right"; }
    std::string goDown(const Ice::Current&) override { return "bottom"; }
};

void serve(const Ice::ObjectAdapterPtr& adapter)
{
    adapter->add(std::make_shared<EchoI>(), Ice::stringToIdentity("operations/echo"));
    adapter->add(std::make_shared<ShapesI>(), Ice::stringToIdentity("operations/shapes"));
    adapter->addFacet(std::make_shared<ShapesI>(), Ice::stringToIdentity("operations/shapes"), "side door");
    adapter->add(std::make_shared<InterfaceI>(), Ice::stringToIdentity("operations/interface"));
    adapter->add(std::make_shared<BottomI>(), Ice::stringToIdentity("operations/family"));
}

template <class T> struct Plain
{
    using Type = T;
};

// Each value comes back twice: as the result and as the out parameter.
template <class R, class A>
void pass(const Where& where, R (EchoPrx::*operation)(A, R&, const Ice::Context&),
          const std::vector<typename Plain<R>::Type>& values)
{
    const auto echo = where.proxy<EchoPrx>("operations/echo");
    for (size_t i = 0; i < values.size(); ++i)
    {
        R out = R();
        const R value = values[i];
        const R back = ((*echo).*operation)(value, out, Ice::noExplicitContext);
        hold(alike(back, value), "the result is the value number " + std::to_string(i));
        hold(alike(out, value), "the out parameter is the value number " + std::to_string(i));
    }
}

std::shared_ptr<ShapesPrx> shape(const Where& where) { return where.proxy<ShapesPrx>("operations/shapes"); }

const auto shorts = Shorts{0, 1, -1, -32768, 32767};
const auto ints = Ints{0, 1, -1, 255, 256, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()};
const auto longs = Longs{0, 1, -1, 1LL << 32, std::numeric_limits<long long>::min(),
                         std::numeric_limits<long long>::max()};
const auto floats = Floats{0.0f, -0.0f, 0.5f, -1.25f, INFINITY, -INFINITY, NAN,
                           std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::max()};
const auto doubles = Doubles{0.0, -0.0, 0.1, INFINITY, -INFINITY, NAN, std::numeric_limits<double>::denorm_min(),
                             std::numeric_limits<double>::min(), std::numeric_limits<double>::lowest()};

Strings texts()
{
    Strings all = {"", "a", std::string(1, '\0'), std::string(254, 'x'), std::string(255, 'x'),
                   std::string(70000, 'x'), u8"\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffd\uffff",
                   u8"\u1234\U00011234\U00021234\U00031234\U000e1234\U000f1234\U00101234\U0010ffff\U0001f600"};
    return all;
}

template <class T> std::vector<typename T::value_type> many(const T& some)
{
    std::vector<typename T::value_type> all;
    for (int i = 0; i < 50; ++i)
    {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

Fixed fixed(int number)
{
    return {number % 2 == 0, static_cast<Ice::Byte>(255 - number % 256), static_cast<short>(-number % 100),
            number,          -(1LL << 62) + number,                      0.5f,
            1e300};
}

Whole whole(const std::string& text, const AnyPrx& proxy)
{
    return {text,
            Few::two,
            fixed(7),
            {text, "", "z"},
            {{"", text}, {text + "!", ""}, {u8"ü", u8"\U0001f600"}},
            {{"a", {}}, {"b", {{1, 2}, {-1, std::numeric_limits<long long>::min()}}}},
            proxy,
            {0, 255}};
}

bool alikeWhole(const Whole& a, const Whole& b)
{
    return std::tie(a.text, a.kind, a.fixed, a.words, a.map, a.nested, a.bytes) ==
               std::tie(b.text, b.kind, b.fixed, b.words, b.map, b.nested, b.bytes) &&
           alike(a.proxy, b.proxy);
}

void numbers(const Where& where)
{
    pass(where, &EchoPrx::passBool, {true, false});
    pass(where, &EchoPrx::passByte, {0, 1, 127, 128, 255});
    pass(where, &EchoPrx::passShort, shorts);
    pass(where, &EchoPrx::passInt, ints);
    pass(where, &EchoPrx::passLong, longs);
    pass(where, &EchoPrx::passFloat, floats);
    pass(where, &EchoPrx::passDouble, doubles);
}

void strings(const Where& where)
{
    pass(where, &EchoPrx::passString, texts());
    pass(where, &EchoPrx::passStrings, {{}, {""}, texts(), Strings(300, "a")});
    pass(where, &EchoPrx::passStringsSeqs, {{}, {{}}, {{}, {"a", ""}, texts()}});
    pass(where, &EchoPrx::passStringsSeqsSeqs, {{}, {{}}, {{{}}}, {{{"a"}, {}}, {}, {{"", "b"}}}});
}

void enums(const Where& where)
{
    pass(where, &EchoPrx::passFew, {Few::zero, Few::one, Few::two});
    pass(where, &EchoPrx::passMany, {Many::low, Many::middle, Many::high});
    pass(where, &EchoPrx::passWide, {Wide::near, Wide::far, Wide::last});
    pass(where, &EchoPrx::passFews, {{}, many(Fews{Few::two, Few::zero})});
    pass(where, &EchoPrx::passWides, {{}, many(Wides{Wide::last, Wide::near})});
}

void structs(const Where& where)
{
    pass(where, &EchoPrx::passFixed, {Fixed(), fixed(0), fixed(1), fixed(255)});
    Fixeds all;
    for (int number = 0; number < 300; ++number)
    {
        all.push_back(fixed(number));
    }
    pass(where, &EchoPrx::passFixeds, {{}, all});
    const auto echo = where.proxy<EchoPrx>("operations/echo");
    const auto proxy = echo->ice_identity(Ice::stringToIdentity("a/b"));
    for (const auto& value : {whole("text", proxy), whole("", nullptr)})
    {
        Whole out;
        const auto back = echo->passWhole(value, out);
        HOLDS(alikeWhole(back, value) && alikeWhole(out, value));
    }
    const Wholes several(50, whole(u8"\U0001f600", proxy));
    Wholes out;
    const auto back = echo->passWholes(several, out);
    HOLDS(back.size() == 50 && alikeWhole(back[49], several[49]) && out.size() == 50);
}

void sequences(const Where& where)
{
    pass(where, &EchoPrx::passBools, {{}, Bools{true, false, true, true}});
    Bytes bytes;
    for (int i = 0; i < 512; ++i)
    {
        bytes.push_back(static_cast<Ice::Byte>(i));
    }
    pass(where, &EchoPrx::passBytes, {{}, bytes});
    pass(where, &EchoPrx::passShorts, {{}, many(shorts)});
    pass(where, &EchoPrx::passInts, {{}, many(ints)});
    pass(where, &EchoPrx::passLongs, {{}, many(longs)});
    pass(where, &EchoPrx::passFloats, {{}, many(floats)});
    pass(where, &EchoPrx::passDoubles, {{}, many(doubles)});
    pass(where, &EchoPrx::passBytesSeqs, {{}, {{}}, {{1}, {}, Bytes(300, 255)}});
    pass(where, &EchoPrx::passIntsSeqs, {{}, {{}}, {{1}, {}, ints}});
}

void dictionaries(const Where& where)
{
    pass(where, &EchoPrx::passByBool, {{}, {{false, 1}, {true, 255}}});
    ByByte bytes;
    for (int i = 0; i < 256; ++i)
    {
        bytes[static_cast<Ice::Byte>(i)] = i % 2 == 0;
    }
    pass(where, &EchoPrx::passByByte, {{}, bytes});
    pass(where, &EchoPrx::passByShort, {{}, {{-32768, 1}, {32767, 2}}});
    pass(where, &EchoPrx::passByInt, {{}, {{-1, 1LL << 40}, {1, 0}}});
    pass(where, &EchoPrx::passByLong, {{}, {{1LL << 40, 0.5f}, {-1, -0.5f}}});
    pass(where, &EchoPrx::passByString, {{}, {{"", "a"}, {u8"\U0001f600", ""}}});
    pass(where, &EchoPrx::passByFew, {{}, {{Few::zero, "0"}, {Few::two, "2"}}});
    pass(where, &EchoPrx::passByWide, {{}, {{Wide::near, Few::one}, {Wide::last, Few::two}}});
    pass(where, &EchoPrx::passByKey, {{}, {{{1, "a", Few::one}, {0.5}}, {{1, "b", Few::zero}, {}}}});
    pass(where, &EchoPrx::passNested, {{}, {{"a", {}}, {"b", {{1, 2}}}}});
    pass(where, &EchoPrx::passMaps, {{}, {{}, {{"a", "b"}}}});
    pass(where, &EchoPrx::passLists, {{}, {{1, {}}, {2, {"", "a"}}}});
    const auto echo = where.proxy<EchoPrx>("operations/echo");
    ByName out;
    const auto back = echo->passByName({{"", nullptr}, {"me", echo}}, out);
    HOLDS(back.size() == 2 && !back.at("") && alike(AnyPrx(echo), back.at("me")) && alike(AnyPrx(echo), out.at("me")));
}

void proxies(const Where& where)
{
    const auto& communicator = where.communicator;
    const auto echo = where.proxy<EchoPrx>("operations/echo");
    const std::string e = " -e " + where.encoding;
    Proxies all = {nullptr};
    for (const auto& text :
         {where.text("operations/echo"), where.text("a/b", "-f facet -o"), "id -t" + e + " @ adapter",
          "well/known -O -s" + e,
          "id" + e + ":tcp -h 127.0.0.1 -p 1 -t 500 -z:udp -h 127.0.0.1 -p 2:ws -h \"::1\" -p 3 -r /x/y",
          "id -D" + e + ":udp -h 239.1.1.1 -p 4", "id" + e + ":opaque -t 99 -e 1.1 -v AAECAw==",
          "\"with blank/a:b@c\" -f \"a b\"" + e + ":tcp -h localhost -p 65535 -t infinite",
          std::string("id -e 1.0:tcp -h h -p 1"), u8"ü/\U0001f600" + e + ":tcp -h h -p 1"})
    {
        all.push_back(communicator->stringToProxy(text));
    }
    pass(where, &EchoPrx::passProxy, all);
    pass(where, &EchoPrx::passProxies, {{}, {nullptr}, all});
    for (const auto& proxy : all)
    {
        AnyPrx out;
        const auto back = echo->passProxy(proxy, out);
        SAME(communicator->proxyToString(back), communicator->proxyToString(proxy));
        SAME(communicator->proxyToString(out), communicator->proxyToString(proxy));
    }
    std::shared_ptr<EchoPrx> none;
    HOLDS(!echo->passEcho(nullptr, none) && !none);
    HOLDS(Ice::targetEqualTo(echo->passEcho(echo, none), none) && Ice::targetEqualTo(none, echo));
    std::shared_ptr<RootPrx> root;
    const auto bottom = echo->passBottom(where.proxy<BottomPrx>("operations/family"), root);
    SAME(bottom->goDown(), "bottom");
    SAME(root->where(), "root");
}

void parametersAndResults(const Where& where)
{
    const auto shapes = shape(where);
    shapes->nothing();
    shapes->takes(1, "b", Few::two);
    HOLDS(shapes->gives() == -7);
    std::string text;
    shapes->givesOne(text);
    SAME(text, "one");
    Ice::Byte byte = 0;
    long long whole = 0;
    Strings words;
    shapes->givesMany(byte, text, whole, words);
    HOLDS(byte == 255 && text == "two" && whole == std::numeric_limits<long long>::min());
    HOLDS(words == Strings{"x", ""});
    SAME(shapes->givesAll(byte, text, whole), "returned");
    HOLDS(byte == 1 && text == "out" && whole == 1LL << 40);
    int number = 0;
    SAME(shapes->swaps("a", 1, number, text), "a'");
    HOLDS(number == 2 && text == "a");
    HOLDS(shapes->sums(255, -1, 1 << 20, 1LL << 40, 0.5f, 0.25, whole) == 0.75);
    HOLDS(whole == 255 - 1 + (1 << 20) + (1LL << 40));
    HOLDS(shapes->twice(21) == 42);
    HOLDS(shapes->thrice(14) == 42);
    HOLDS(shapes->later(1, number) == 2 && number == 3);
    const auto all = shapes->givesAllAsync().get();
    HOLDS(all.returnValue == "returned" && all.a == 1 && all.b == "out" && all.c == 1LL << 40);
}

void whatAServantIsTold(const Where& where)
{
    const auto shapes = shape(where);
    auto about = shapes->tell();
    HOLDS(!about.adapter.empty());
    const auto adapter = about.adapter;
    const int minor = where.old ? 0 : 1;
    HOLDS(about == About{"shapes", "operations", "", "tell", 2, true, minor, adapter});
    about = Ice::uncheckedCast<ShapesPrx>(shapes, "side door")->tell();
    HOLDS(about == About{"shapes", "operations", "side door", "tell", 2, true, minor, adapter});
}

void modes(const Where& where)
{
    using Ice::OperationMode;
    const auto shapes = shape(where);
    const auto four = encapsulation(where.encoding, {4, 0, 0, 0});
    std::vector<Ice::Byte> out;
    for (const auto mode : {OperationMode::Nonmutating, OperationMode::Idempotent})
    {
        HOLDS(shapes->ice_invoke("twice", mode, four, out));
        HOLDS(out == encapsulation(where.encoding, {8, 0, 0, 0}));
    }
    const std::vector<std::string> names = {"Normal", "Nonmutating", "Idempotent"};
    for (const auto& one : std::vector<std::pair<std::string, OperationMode>>{
             {"twice", OperationMode::Normal},
             {"nothing", OperationMode::Nonmutating},
             {"nothing", OperationMode::Idempotent}})
    {
        const auto error =
            RAISES(Ice::UnknownLocalException, shapes->ice_invoke(one.first, one.second, four, out));
        const std::string expected = one.first == "nothing" ? "Normal" : "Idempotent";
        const auto text =
            "expected = ::Ice::" + expected + " received = ::Ice::" + names[static_cast<size_t>(one.second)];
        hold(error.unknown.find(text) != std::string::npos, text + " is in " + error.unknown);
    }
    const auto nothing = encapsulation(where.encoding, {});
    for (const auto mode : {OperationMode::Normal, OperationMode::Nonmutating, OperationMode::Idempotent})
    {
        HOLDS(shapes->ice_invoke("ice_ping", mode, nothing, out));
        HOLDS(out == nothing);
    }
}

void contexts(const Where& where)
{
    const auto shapes = shape(where);
    HOLDS(shapes->context().empty());
    Ice::Context large;
    for (int i = 0; i < 300; ++i)
    {
        large[std::to_string(i)] = std::string(i, 'x');
    }
    for (const auto& context : std::vector<Ice::Context>{{{"a", "b"}}, {{"", ""}, {u8"ü", u8"\U0001f600"}}, large})
    {
        HOLDS(shapes->context(context) == context);
    }
    const auto own = shapes->ice_context({{"c", "d"}});
    HOLDS(own->context() == ByString{{"c", "d"}});
    HOLDS(own->context({{"e", "f"}}) == ByString{{"e", "f"}});
    HOLDS(own->context(Ice::Context()).empty());
    HOLDS(shapes->context().empty());
}

void noted(const std::shared_ptr<ShapesPrx>& shapes, const std::string& key, int count)
{
    for (int i = 0; i < 3000 && shapes->noted(key) != count; ++i)
    {
    }
    hold(shapes->noted(key) == count, std::to_string(shapes->noted(key)) + " is " + std::to_string(count));
}

void oneway(const Where& where)
{
    const auto shapes = shape(where);
    const auto key = "oneway cpp " + where.transport() + where.encoding;
    const auto one_way = shapes->ice_oneway();
    HOLDS(one_way->ice_isOneway());
    const int before = shapes->noted(key);
    for (int i = 0; i < 100; ++i)
    {
        one_way->note(key);
    }
    one_way->ice_ping();
    noted(shapes, key, before + 100);
    RAISES(Ice::TwowayOnlyException, one_way->gives());
}

void batches(const Where& where)
{
    const auto shapes = shape(where);
    const auto door = Ice::uncheckedCast<ShapesPrx>(shapes, "side door");
    const auto key = "batch cpp " + where.transport() + where.encoding;
    const auto batch = shapes->ice_batchOneway();
    const auto other = door->ice_batchOneway();
    HOLDS(batch->ice_isBatchOneway());
    const int before = shapes->noted(key);
    for (int i = 0; i < 50; ++i)
    {
        batch->note(key);
        other->note(key);
    }
    HOLDS(shapes->noted(key) == before);
    batch->ice_flushBatchRequests();
    noted(shapes, key, before + 50);
    batch->ice_flushBatchRequests();
    const int behind = door->noted(key);
    other->ice_flushBatchRequests();
    noted(door, key, behind + 50);
    HOLDS(shapes->noted(key) == before + 50);
}

void largeRequests(const Where& where)
{
    pass(where, &EchoPrx::passBytes, {Bytes(480000, 7)});
    pass(where, &EchoPrx::passString, {std::string(480000, 'y')});
    pass(where, &EchoPrx::passStrings, {Strings(20000, std::string(20, 'x'))});
}

void namesThatLanguagesWant(const Where& where)
{
    const auto proxy = where.proxy<interfacePrx>("operations/interface");
    int a = 0;
    int b = 0;
    HOLDS(proxy->_cpp_class(1, 2, 3, a, b) == 6 && a == 1 && b == 2);
    SAME(proxy->from("a", "b"), "ab");
    SAME(proxy->_cpp_double("x"), "xx");
    proxy->del();
    HOLDS(proxy->is_it(5) == 5);
    HOLDS(proxy->_cpp_switch(1, 2, 3, a) == 3 && a == 3);
    SAME(proxy->ice_id(), "::Operations::interface");
}

void inheritance(const Where& where)
{
    const auto bottom = where.proxy<BottomPrx>("operations/family");
    SAME(bottom->where(), "root");
    SAME(bottom->goLeft(), "left");
    SAME(bottom->goRight(), "right");
    SAME(bottom->goDown(), "bottom");
    const Strings names = {"::Ice::Object", "::Operations::Bottom", "::Operations::Left", "::Operations::Right",
                           "::Operations::Root"};
    HOLDS(bottom->ice_ids() == names);
    SAME(bottom->ice_id(), "::Operations::Bottom");
    for (const auto& name : names)
    {
        HOLDS(bottom->ice_isA(name));
    }
    HOLDS(!bottom->ice_isA("::Operations::Echo") && !bottom->ice_isA("") && !bottom->ice_isA("::operations::bottom"));
    const auto object = where.proxy<Ice::ObjectPrx>("operations/family");
    SAME(Ice::checkedCast<RootPrx>(object)->where(), "root");
    SAME(Ice::checkedCast<LeftPrx>(object)->where(), "root");
    SAME(Ice::checkedCast<RightPrx>(object)->where(), "root");
    SAME(Ice::checkedCast<BottomPrx>(object)->where(), "root");
    HOLDS(!Ice::checkedCast<EchoPrx>(bottom));
    bottom->ice_ping();
}

void whoIsNotThere(const Where& where)
{
    const auto shapes = shape(where);
    const auto identity = Ice::stringToIdentity("operations/shapes");
    const auto nobody = Ice::uncheckedCast<ShapesPrx>(shapes->ice_identity(Ice::stringToIdentity("no/body")));
    const auto first = RAISES(Ice::ObjectNotExistException, nobody->gives());
    HOLDS(first.id == Ice::stringToIdentity("no/body") && first.facet.empty() && first.operation == "gives");
    const auto second = RAISES(Ice::ObjectNotExistException, nobody->ice_facet("f")->ice_ping());
    HOLDS(second.facet == "f" && second.operation == "ice_ping");
    const auto third =
        RAISES(Ice::FacetNotExistException, Ice::uncheckedCast<ShapesPrx>(shapes, "none")->gives());
    HOLDS(third.id == identity && third.facet == "none" && third.operation == "gives");
    std::vector<Ice::Byte> out;
    const auto fourth = RAISES(Ice::OperationNotExistException,
                               shapes->ice_invoke("nosuch", Ice::OperationMode::Normal,
                                                  encapsulation(where.encoding, {}), out));
    HOLDS(fourth.id == identity && fourth.facet.empty() && fourth.operation == "nosuch");
    int same = 0;
    const auto fifth =
        RAISES(Ice::OperationNotExistException, Ice::uncheckedCast<EchoPrx>(shapes)->passInt(1, same));
    SAME(fifth.operation, "passInt");
    HOLDS(!Ice::checkedCast<ShapesPrx>(shapes, "none"));
}

} // namespace

Area operations()
{
    return {"operations",
            {{"numbers", numbers},
             {"strings", strings},
             {"enums", enums},
             {"structs", structs},
             {"sequences", sequences},
             {"dictionaries_keep_their_order", dictionaries},
             {"proxies", proxies},
             {"parameters_and_results", parametersAndResults},
             {"what_a_servant_is_told", whatAServantIsTold},
             {"modes", modes},
             {"contexts", contexts},
             {"oneway", oneway},
             {"batches", batches},
             {"large_requests", largeRequests},
             {"names_that_languages_want", namesThatLanguagesWant},
             {"inheritance", inheritance},
             {"who_is_not_there", whoIsNotThere}},
            serve};
}
