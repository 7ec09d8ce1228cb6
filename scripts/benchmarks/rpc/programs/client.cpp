// The stock C++ Ice client of the benchmark: client PORT WORKLOAD WINDOW SECONDS tcp|tls [--IceSSL.X=...]
// What it says and waits for is told in measuring.py.
#include <Ice/Ice.h>
#include <bench.h>
#include <sys/resource.h>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <set>
#include <vector>

using Clock = std::chrono::steady_clock;
using Echo = std::shared_ptr<Bench::EchoPrx>;
using NodePtr = std::shared_ptr<Bench::Node>;
using Failed = std::function<void(std::exception_ptr)>;
using Times = std::vector<double>;

static const double WARM_S = 0.15;
static const int CHUNK = 500, CONNECTIONS = 1000, ITEMS = 100, NODES = 50, ENTRIES = 1000;

static double cpu()
{
    rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double between(Clock::time_point start, Clock::time_point end) { return std::chrono::duration<double>(end - start).count(); }

static Clock::time_point after(double seconds) { return Clock::now() + std::chrono::microseconds(static_cast<long>(seconds * 1e6)); }

static void must(bool right)
{
    if (!right)
    {
        std::cerr << "a wrong answer" << std::endl;
        std::_Exit(1);
    }
}

static void look()
{
    std::string line;
    std::getline(std::cin, line);
}

// Call(proxy) waits; Start(proxy, answered, failed) does not; Right(answer) looks quickly, Same(answer) at all of it.
template <class Result, class Call, class Start, class Right, class Same> struct Job
{
    Call call;
    Start start;
    Right right;
    Same same;

    // One call at a time; the time of each is kept.
    long sequential(const Echo& echo, double seconds, Times& times)
    {
        long done = 0;
        auto end = after(seconds);
        for (auto sent = Clock::now(); sent < end; ++done)
        {
            must(right(call(echo)));
            auto answered = Clock::now();
            times.push_back(between(sent, answered));
            sent = answered;
        }
        return done;
    }

    // `window` calls are always under way, by turns on each connection: each answer sends the next.
    struct Window
    {
        Job& job;
        Clock::time_point end;
        Times& times;
        int running;
        std::mutex mutex;
        std::condition_variable idle;

        struct Slot
        {
            Window& window;
            Echo echo;
            Clock::time_point sent;

            void send()
            {
                window.job.start(
                    echo, [this](Result answer) { answered(answer); }, [](std::exception_ptr) { must(false); });
            }

            void answered(const Result& answer)
            {
                auto at = Clock::now();
                must(window.job.right(answer));
                bool more = at < window.end;
                {
                    std::lock_guard<std::mutex> lock(window.mutex);
                    window.times.push_back(between(sent, at));
                    if (!more && --window.running == 0) window.idle.notify_one();
                }
                if (more)
                {
                    sent = at;
                    send();
                }
            }
        };

        long run(const std::vector<Echo>& echoes, int window)
        {
            std::vector<Slot> slots;
            for (int i = 0; i < window; ++i) slots.push_back(Slot{*this, echoes[i % echoes.size()], Clock::now()});
            for (auto& slot : slots)
            {
                slot.sent = Clock::now();
                slot.send();
            }
            std::unique_lock<std::mutex> lock(mutex);
            idle.wait(lock, [this] { return running == 0; });
            return static_cast<long>(times.size());
        }
    };

    long run(const std::vector<Echo>& echoes, int window, double seconds, Times& times)
    {
        if (window == 1) return sequential(echoes[0], seconds, times);
        Window all{*this, after(seconds), times, window, {}, {}};
        return all.run(echoes, window);
    }

    void check(const std::vector<Echo>& echoes)
    {
        for (auto& echo : echoes) must(same(call(echo)));
    }
};

template <class Result, class Call, class Start, class Right, class Same>
static Job<Result, Call, Start, Right, Same> job(Call call, Start start, Right right, Same same)
{
    return {call, start, right, same};
}

// Send for `seconds`, then wait until the servant has got it all; how many that were.
static long flood(const Echo& echo, bool batched, double seconds)
{
    auto proxy = batched ? echo->ice_batchOneway() : echo->ice_oneway();
    long sent = 0;
    long long before = echo->noted();
    auto end = after(seconds);
    while (Clock::now() < end)
    {
        for (int i = 0; i < CHUNK; ++i) proxy->note(i);
        sent += CHUNK;
        if (batched) proxy->ice_flushBatchRequests();
    }
    while (echo->noted() < before + sent) continue;
    must(echo->noted() == before + sent);
    return sent;
}

// Warm up with `go`, tell the driver, measure, tell it again.
template <class Go> static void measure(double seconds, Go go)
{
    Times times;
    go(std::min(WARM_S, seconds), times);
    times.clear();
    times.reserve(1 << 20);
    std::cout << "warm" << std::endl;
    look();
    double cpu_before = cpu();
    auto start = Clock::now();
    long done = go(seconds, times);
    double took = between(start, Clock::now()), used = cpu() - cpu_before;
    std::cout << "{\"requests\": " << done << ", \"seconds\": " << took << ", \"cpu_s\": " << used;
    if (!times.empty())
    {
        std::sort(times.begin(), times.end());
        std::cout << ", \"p50_us\": " << times[times.size() / 2] * 1e6 << ", \"p99_us\": " << times[times.size() * 99 / 100] * 1e6;
    }
    std::cout << "}" << std::endl;
    look();
}

template <class Work> static void answered(Work work, const std::vector<Echo>& echoes, int window, double seconds)
{
    work.check(echoes);
    measure(seconds, [&](double some, Times& times) { return work.run(echoes, window, some, times); });
}

static Bench::Bytes payload(size_t size)
{
    Bench::Bytes data(size);
    for (size_t i = 0; i < size; ++i) data[i] = static_cast<Ice::Byte>(i % 1000 * 7 % 251);
    return data;
}

static Bench::Items items()
{
    Bench::Items all;
    for (int i = 0; i < ITEMS; ++i)
        all.push_back({10000000000LL + i, "item number " + std::to_string(i), "shelf " + std::to_string(i % 7) + ", Z\u00fcrich", i * 3, i % 2 == 0});
    return all;
}

static std::vector<NodePtr> graph()
{
    std::vector<NodePtr> nodes;
    for (int i = 0; i < NODES; ++i)
    {
        nodes.push_back(std::make_shared<Bench::Node>());
        nodes[i]->id = i;
        nodes[i]->name = "node number " + std::to_string(i);
    }
    auto at = [&nodes](int i) { return i < NODES ? nodes[i] : nullptr; };
    for (int i = 0; i < NODES; ++i)
    {
        nodes[i]->left = at(2 * i + 1);
        nodes[i]->right = at(2 * i + 2);
        nodes[i]->other = at(i + 7);
    }
    return nodes;
}

static bool same(const NodePtr& a, const NodePtr& b, std::set<int>& seen)
{
    if (!a || !b) return !a && !b;
    if (a->id != b->id || a->name != b->name) return false;
    if (!seen.insert(a->id).second) return true;
    return same(a->left, b->left, seen) && same(a->right, b->right, seen) && same(a->other, b->other, seen);
}

static Bench::Counts counts()
{
    Bench::Counts all;
    for (int i = 0; i < ENTRIES; ++i) all["entry number " + std::to_string(i)] = i * 5;
    return all;
}

static void run(const Echo& echo, const std::string& workload, int window, double seconds)
{
    std::vector<Echo> echoes{echo};
    if (workload == "connections")
    {
        echoes.clear();
        for (int i = 0; i < CONNECTIONS; ++i) echoes.push_back(echo->ice_connectionId(std::to_string(i)));
    }
    if (workload == "oneway" || workload == "batch")
    {
        bool batched = workload == "batch";
        measure(seconds, [&](double some, Times&) { return flood(echo, batched, some); });
    }
    else if (workload == "bytes1k" || workload == "bytes1m")
    {
        auto data = payload(workload == "bytes1k" ? 1000 : 1000000);
        answered(
            job<Bench::Bytes>([&](const Echo& e) { return e->echoBytes(data); },
                [&](const Echo& e, std::function<void(Bench::Bytes)> f, Failed x) { e->echoBytesAsync(data, std::move(f), std::move(x)); },
                [&](const Bench::Bytes& back) { return back.size() == data.size(); },
                [&](const Bench::Bytes& back) { return back == data; }),
            echoes, window, seconds);
    }
    else if (workload == "structs")
    {
        auto all = items();
        answered(
            job<Bench::Items>([&](const Echo& e) { return e->echoItems(all); },
                [&](const Echo& e, std::function<void(Bench::Items)> f, Failed x) { e->echoItemsAsync(all, std::move(f), std::move(x)); },
                [&](const Bench::Items& back) { return back[ITEMS - 1].name == all[ITEMS - 1].name; },
                [&](const Bench::Items& back) { return back == all; }),
            echoes, window, seconds);
    }
    else if (workload == "classes")
    {
        auto nodes = graph();
        answered(
            job<NodePtr>([&](const Echo& e) { return e->echoGraph(nodes[0]); },
                [&](const Echo& e, std::function<void(NodePtr)> f, Failed x) { e->echoGraphAsync(nodes[0], std::move(f), std::move(x)); },
                [&](const NodePtr& back) { return back->left->right->id == 4; },
                [&](const NodePtr& back)
                {
                    std::set<int> seen;
                    return same(back, nodes[0], seen) && seen.size() == NODES;
                }),
            echoes, window, seconds);
    }
    else if (workload == "dict")
    {
        auto all = counts();
        answered(
            job<Bench::Counts>([&](const Echo& e) { return e->echoCounts(all); },
                [&](const Echo& e, std::function<void(Bench::Counts)> f, Failed x) { e->echoCountsAsync(all, std::move(f), std::move(x)); },
                [&](const Bench::Counts& back) { return back.size() == all.size(); },
                [&](const Bench::Counts& back) { return back == all; }),
            echoes, window, seconds);
    }
    else
    {
        answered(
            job<int>([](const Echo& e) { return e->add(20, 22); },
                [](const Echo& e, std::function<void(int)> f, Failed x) { e->addAsync(20, 22, std::move(f), std::move(x)); },
                [](int sum) { return sum == 42; }, [](int sum) { return sum == 42; }),
            echoes, window, seconds);
    }
}

int main(int argc, char* argv[])
{
    Ice::CommunicatorHolder ice(argc, argv);
    std::string protocol = std::string(argv[5]) == "tls" ? "ssl" : "tcp";
    auto base = ice->stringToProxy("echo:" + protocol + " -h 127.0.0.1 -p " + argv[1]);
    run(Ice::checkedCast<Bench::EchoPrx>(base), argv[2], std::stoi(argv[3]), std::stod(argv[4]));
    return 0;
}
