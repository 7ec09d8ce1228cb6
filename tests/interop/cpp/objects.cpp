// Classes: graphs of instances by value: shared, in rings, in structs, dictionaries and exceptions; factories.
#include "objects.h"
#include "peer.h"

#include <atomic>
#include <set>

using namespace Objects;

namespace
{

using NodePtr = std::shared_ptr<Node>;
using ValuePtr = std::shared_ptr<Ice::Value>;

const int deepest = 100;

class CountedI : public Counted
{
public:
    void ice_postUnmarshal() override { ++number; }
};

void registerFactory(const Ice::CommunicatorPtr& communicator)
{
    const auto factories = communicator->getValueFactoryManager();
    if (!factories->find("::Objects::Counted"))
    {
        factories->add([](const std::string&) { return std::make_shared<CountedI>(); }, "::Objects::Counted");
        factories->add([](const std::string&) { return std::make_shared<Ice::InterfaceByValue<Shape>>(); },
                       "::Objects::Shape");
    }
}

NodePtr ring(int size)
{
    std::vector<NodePtr> nodes;
    for (int number = 0; number < size; ++number)
    {
        nodes.push_back(std::make_shared<Node>(number, nullptr, nullptr));
    }
    for (int number = 0; number < size; ++number)
    {
        nodes[number]->right = nodes[(number + 1) % size];
        nodes[number]->left = nodes[(number + size - 1) % size];
    }
    return nodes[0];
}

std::shared_ptr<Chain> chain(int depth)
{
    std::shared_ptr<Chain> first;
    for (; depth > 0; --depth)
    {
        first = std::make_shared<Chain>(first);
    }
    return first;
}

void reach(const NodePtr& node, std::set<NodePtr>& found)
{
    if (node && found.insert(node).second)
    {
        reach(node->left, found);
        reach(node->right, found);
    }
}

std::set<NodePtr> members(const NodePtr& node)
{
    std::set<NodePtr> found;
    reach(node, found);
    return found;
}

#define PASS(type, name)                                                                                              \
    type name(type value, type& same, const Ice::Current&) override                                                  \
    {                                                                                                                  \
        same = value;                                                                                                  \
        return value;                                                                                                  \
    }

class ZooI : public Zoo
{
public:
    PASS(NodePtr, passNode)
    PASS(std::shared_ptr<Base>, passBase)
    PASS(ValuePtr, passValue)
    PASS(Nodes, passNodes)
    PASS(Values, passValues)
    PASS(NodesByName, passByName)
    PASS(Box, passBox)
    PASS(Boxes, passBoxes)
    PASS(std::shared_ptr<Counted>, passCounted)
    PASS(std::shared_ptr<Speaking>, passSpeaking)
    PASS(ValuePtr, passShape)
    PASS(ValuePtr, passSliced)
    PASS(ValuePtr, passCompact)

    bool one(NodePtr a, int, NodePtr b, const Ice::Current&) override { return a == b; }
    NodePtr ring(int size, const Ice::Current&) override { return ::ring(size); }
    int depth(std::shared_ptr<Chain> first, const Ice::Current&) override
    {
        int depth = 0;
        for (; first; first = first->next)
        {
            ++depth;
        }
        return depth;
    }
    std::shared_ptr<Chain> deep(int depth, const Ice::Current&) override { return chain(depth); }
    int count(NodePtr node, const Ice::Current&) override { return static_cast<int>(members(node).size()); }
    void raise(NodePtr node, ValuePtr value, const Ice::Current&) override
    {
        throw Kept(node, value, {{1, node, nullptr, {node}, {{"n", node}}, "b"}});
    }
    std::shared_ptr<Middle> wrong(const Ice::Current&) override { return nullptr; }
    ValuePtr noneOfThose(std::shared_ptr<Bare>&, std::shared_ptr<Leaf>&, const Ice::Current&) override
    {
        return nullptr;
    }
    void note(NodePtr node, const Ice::Current&) override { _noted += static_cast<int>(members(node).size()); }
    int noted(const Ice::Current&) override { return _noted; }

private:
    std::atomic<int> _noted{0};
};

class LiarI : public Liar
{
public:
    ValuePtr wrong(const Ice::Current&) override { return std::make_shared<Bare>(); }
    int depth(ValuePtr, const Ice::Current&) override { return 0; }
};

void serve(const Ice::ObjectAdapterPtr& adapter)
{
    registerFactory(adapter->getCommunicator());
    adapter->add(std::make_shared<ZooI>(), Ice::stringToIdentity("objects/zoo"));
    adapter->add(std::make_shared<LiarI>(), Ice::stringToIdentity("objects/liar"));
}

std::shared_ptr<ZooPrx> there(const Where& where)
{
    registerFactory(where.communicator);
    return where.proxy<ZooPrx>("objects/zoo");
}

using PassValue = ValuePtr (ZooPrx::*)(const ValuePtr&, ValuePtr&, const Ice::Context&);
const std::vector<PassValue> ways = {&ZooPrx::passValue, &ZooPrx::passSliced, &ZooPrx::passCompact};

// What comes back is of that class; the result and the out parameter are one instance.
template <class T> std::shared_ptr<T> pass(const std::shared_ptr<ZooPrx>& zoo, PassValue way, const ValuePtr& value)
{
    ValuePtr out;
    const auto back = ((*zoo).*way)(value, out, Ice::noExplicitContext);
    hold(back == out, "the result is the out parameter");
    hold(back && typeid(*back) == typeid(T), "what came back is of the class " + T::ice_staticId());
    return std::dynamic_pointer_cast<T>(back);
}

void null(const Where& where)
{
    const auto zoo = there(where);
    NodePtr node;
    std::shared_ptr<Base> base;
    ValuePtr value;
    std::shared_ptr<Counted> counted;
    std::shared_ptr<Speaking> speaking;
    std::shared_ptr<Bare> bare;
    std::shared_ptr<Leaf> leaf;
    HOLDS(!zoo->passNode(nullptr, node) && !node);
    HOLDS(!zoo->passBase(nullptr, base) && !base);
    HOLDS(!zoo->passValue(nullptr, value) && !value);
    HOLDS(!zoo->passSliced(nullptr, value) && !value);
    HOLDS(!zoo->passCompact(nullptr, value) && !value);
    HOLDS(!zoo->passCounted(nullptr, counted) && !counted);
    HOLDS(!zoo->passSpeaking(nullptr, speaking) && !speaking);
    HOLDS(!zoo->noneOfThose(bare, leaf) && !bare && !leaf);
}

void inheritance(const Where& where)
{
    const auto zoo = there(where);
    const auto base = std::make_shared<Base>("n", Color::blue, Spot{1, 2});
    const auto leaf = std::make_shared<Leaf>("l", Color::red, Spot{3, 4}, 2.5, base,
                                             Nodes{nullptr, std::make_shared<Node>(5, nullptr, nullptr)},
                                             NodesByName{{"", std::make_shared<Node>(6, nullptr, nullptr)}}, zoo);
    for (const auto way : ways)
    {
        const auto back = pass<Leaf>(zoo, way, leaf);
        HOLDS(back->name == "l" && back->color == Color::red && back->at == Spot{3, 4} && back->weight == 2.5);
        HOLDS(back->other->name == "n" && back->other->color == Color::blue && back->other->at == Spot{1, 2});
        HOLDS(!back->nodes[0] && back->nodes[1]->number == 5 && back->byName[""]->number == 6);
        HOLDS(Ice::targetEqualTo(back->proxy, zoo));
    }
    std::shared_ptr<Base> out;
    HOLDS(std::dynamic_pointer_cast<Leaf>(zoo->passBase(leaf, out)) == out);
    pass<Bare>(zoo, ways[0], std::make_shared<Bare>());
    const auto middle = pass<Middle>(zoo, ways[0], std::make_shared<Middle>());
    HOLDS(middle->name == "base" && middle->color == Color::green && middle->weight == 1.5 && !middle->other);
}

void compactIds(const Where& where)
{
    const auto zoo = there(where);
    const auto first = std::make_shared<Short>("s", Color::red, Spot{0, 0}, 7);
    const auto second = std::make_shared<Shorter>("s", Color::red, Spot{0, 0}, 8, "m");
    for (const auto way : ways)
    {
        HOLDS(pass<Short>(zoo, way, first)->extra == 7);
        const auto back = pass<Shorter>(zoo, way, second);
        HOLDS(back->extra == 8 && back->more == "m" && back->name == "s");
    }
    Values out;
    const auto back = zoo->passValues({first, second, first, std::make_shared<Bare>(), nullptr}, out);
    HOLDS(back.size() == 5 && back[0] == back[2] && !back[4]);
    HOLDS(back[0]->ice_id() == "::Objects::Short" && back[1]->ice_id() == "::Objects::Shorter");
}

void oneInstanceStaysOne(const Where& where)
{
    const auto zoo = there(where);
    const auto node = std::make_shared<Node>(1, nullptr, nullptr);
    HOLDS(zoo->one(node, 5, node));
    HOLDS(!zoo->one(node, 5, std::make_shared<Node>(1, nullptr, nullptr)));
    HOLDS(zoo->one(nullptr, 5, nullptr));
    Nodes out;
    const auto back = zoo->passNodes({node, nullptr, node, std::make_shared<Node>(2, node, node)}, out);
    HOLDS(back[0] == back[2] && back[3]->left == back[0] && back[3]->right == back[0] && out[0] == back[0]);
    NodesByName outByName;
    auto byName = zoo->passByName({{"a", node}, {"b", node}, {"c", nullptr}}, outByName);
    HOLDS(byName["a"] == byName["b"] && !byName["c"] && outByName["a"] == byName["a"]);
}

void rings(const Where& where)
{
    const auto zoo = there(where);
    const auto node = std::make_shared<Node>(7, nullptr, nullptr);
    node->left = node->right = node;
    for (const auto way : ways)
    {
        auto back = pass<Node>(zoo, way, node);
        HOLDS(back->left == back && back->right == back && back->number == 7);
        back = pass<Node>(zoo, way, ring(5));
        HOLDS(members(back).size() == 5 && back->left->right == back);
        HOLDS(back->right->right->right->right->right == back);
    }
    for (const int size : {1, 2, 30})
    {
        HOLDS(members(zoo->ring(size)).size() == static_cast<size_t>(size));
        HOLDS(zoo->count(ring(size)) == size);
    }
}

void inStructsAndCollections(const Where& where)
{
    const auto zoo = there(where);
    const auto node = std::make_shared<Node>(3, nullptr, nullptr);
    const Box box = {1, node, std::make_shared<Short>(), {node, nullptr}, {{"", node}, {"x", nullptr}}, "z"};
    Box out;
    auto back = zoo->passBox(box, out);
    HOLDS(back.before == 1 && back.behind == "z" && back.node->number == 3);
    HOLDS(std::dynamic_pointer_cast<Short>(back.base) != nullptr);
    HOLDS(back.nodes[0] == back.node && back.byName[""] == back.node && !back.nodes[1] && out.node == back.node);
    Boxes outBoxes;
    const auto boxes = zoo->passBoxes({box, Box(), box}, outBoxes);
    HOLDS(boxes.size() == 3 && boxes[0].node == boxes[2].node && !boxes[1].node);
    HOLDS(zoo->passBoxes({}, outBoxes).empty() && outBoxes.empty());
    const auto bag = pass<Bag>(zoo, ways[0], std::make_shared<Bag>(std::make_shared<Bag>(std::make_shared<Base>())));
    HOLDS(std::dynamic_pointer_cast<Base>(std::dynamic_pointer_cast<Bag>(bag->anything)->anything) != nullptr);
}

void inExceptions(const Where& where)
{
    const auto zoo = there(where);
    const auto node = std::make_shared<Node>(3, nullptr, std::make_shared<Node>(4, nullptr, nullptr));
    auto error = EXACTLY(Kept, zoo->raise(node, std::make_shared<Short>()));
    HOLDS(error->node->number == 3 && error->node->right->number == 4);
    HOLDS(std::dynamic_pointer_cast<Short>(error->value) != nullptr);
    HOLDS(error->boxes[0].node == error->node && error->boxes[0].byName["n"] == error->node);
    HOLDS(error->boxes[0].behind == "b");
    error = EXACTLY(Kept, zoo->raise(nullptr, nullptr));
    HOLDS(!error->node && !error->value && !error->boxes[0].node);
}

void largeGraphs(const Where& where)
{
    const auto zoo = there(where);
    const int size = 3000;
    Nodes nodes;
    for (int number = 0; number < size; ++number)
    {
        nodes.push_back(std::make_shared<Node>(number, nullptr, nullptr));
        nodes[number]->left = nodes[number / 2];
        nodes[number]->right = nodes[number * 7 % (number + 1)];
    }
    Nodes out;
    const auto back = zoo->passNodes(nodes, out);
    HOLDS(back.size() == nodes.size());
    for (int number = 0; number < size; ++number)
    {
        HOLDS(back[number]->number == number && back[number]->left == back[number / 2]);
        HOLDS(back[number]->right == back[number * 7 % (number + 1)]);
    }
}

void deepGraphsAreRefused(const Where& where)
{
    const auto zoo = there(where);
    if (where.old)
    {
        HOLDS(zoo->depth(chain(60)) == 60);
        return;
    }
    HOLDS(zoo->depth(chain(deepest)) == deepest);
    EXACTLY(Ice::UnknownLocalException, zoo->depth(chain(deepest + 1)));
    FAILS(zoo->deep(deepest + 1));
    HOLDS(zoo->depth(zoo->deep(deepest)) == deepest);
}

void factories(const Where& where)
{
    const auto zoo = there(where);
    std::shared_ptr<Counted> out;
    const auto back = zoo->passCounted(std::make_shared<Counted>(10), out);
    HOLDS(back == out && back->number == 12 && typeid(*back) == typeid(CountedI));
}

void classesWithOperations(const Where& where)
{
    const auto zoo = there(where);
    std::shared_ptr<Speaking> out;
    const auto back = zoo->passSpeaking(std::make_shared<Speaking>("words"), out);
    HOLDS(back->text == "words" && back == out && back->ice_id() == "::Objects::Speaking");
    HOLDS(pass<Speaking>(zoo, ways[0], std::make_shared<Speaking>("more"))->text == "more");
}

void interfacesByValue(const Where& where)
{
    const auto zoo = there(where);
    ValuePtr out;
    HOLDS(!zoo->passShape(nullptr, out) && !out);
    const auto back = zoo->passShape(std::make_shared<Ice::InterfaceByValue<Shape>>(), out);
    HOLDS(back && back == out && back->ice_id() == "::Objects::Shape");
}

void anotherClassThanDeclaredIsRefused(const Where& where)
{
    const auto zoo = there(where);
    const auto liar = Ice::uncheckedCast<ZooPrx>(zoo->ice_identity(Ice::stringToIdentity("objects/liar")));
    EXACTLY(Ice::UnexpectedObjectException, liar->wrong());
    EXACTLY(Ice::UnknownLocalException, Ice::uncheckedCast<LiarPrx>(zoo)->depth(std::make_shared<Bare>()));
    zoo->ice_ping();
}

void oneway(const Where& where)
{
    const auto zoo = there(where);
    const int before = zoo->noted();
    const auto batch = zoo->ice_batchOneway();
    zoo->ice_oneway()->note(ring(4));
    batch->note(ring(5));
    batch->note(ring(6));
    batch->ice_flushBatchRequests();
    for (int i = 0; i < 3000 && zoo->noted() != before + 15; ++i)
    {
    }
    HOLDS(zoo->noted() == before + 15);
}

} // namespace

Area objects()
{
    return {"objects",
            {{"null", null},
             {"inheritance", inheritance},
             {"compact_ids", compactIds},
             {"one_instance_stays_one", oneInstanceStaysOne},
             {"rings", rings},
             {"in_structs_and_collections", inStructsAndCollections},
             {"in_exceptions", inExceptions},
             {"large_graphs", largeGraphs},
             {"deep_graphs_are_refused", deepGraphsAreRefused},
             {"factories", factories},
             {"classes_with_operations", classesWithOperations},
             {"interfaces_by_value", interfacesByValue},
             {"another_class_than_declared_is_refused", anotherClassThanDeclaredIsRefused},
             {"oneway", oneway}},
            serve};
}
