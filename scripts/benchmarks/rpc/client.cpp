// The stock C++ Ice client of the benchmark: client PORT WINDOW SECONDS -> one JSON object
#include <Ice/Ice.h>
#include <bench.h>
#include <sys/resource.h>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <vector>

using Clock = std::chrono::steady_clock;

static double cpu()
{
    rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// One call at a time; the time of each is kept.
static long sequential(const std::shared_ptr<Bench::AdderPrx>& adder, double seconds, std::vector<double>& times)
{
    long done = 0;
    auto start = Clock::now();
    while (since(start) < seconds)
    {
        auto sent = Clock::now();
        if (adder->add(static_cast<int>(done), 1) != done + 1) std::exit(1);
        times.push_back(since(sent));
        ++done;
    }
    return done;
}

// `window` calls are always under way: each answer sends the next.
struct Pipeline
{
    std::shared_ptr<Bench::AdderPrx> adder;
    Clock::time_point end;
    std::mutex mutex;
    std::condition_variable idle;
    long done = 0;
    int running = 0;

    void send(bool first)
    {
        if (first)
        {
            std::lock_guard<std::mutex> lock(mutex);
            ++running;
        }
        adder->addAsync(20, 22, [this](int sum) { answered(sum); }, [](std::exception_ptr) { std::exit(1); });
    }

    void answered(int sum)
    {
        if (sum != 42) std::exit(1);
        bool more = Clock::now() < end;
        {
            std::lock_guard<std::mutex> lock(mutex);
            ++done;
            if (!more && --running == 0) idle.notify_one();
        }
        if (more) send(false);
    }

    long run(int window)
    {
        for (int i = 0; i < window; ++i) send(true);
        std::unique_lock<std::mutex> lock(mutex);
        idle.wait(lock, [this] { return running == 0; });
        return done;
    }
};

int main(int argc, char* argv[])
{
    Ice::CommunicatorHolder ice(argc, argv);
    std::string port = argv[argc - 3];
    int window = std::stoi(argv[argc - 2]);
    double seconds = std::stod(argv[argc - 1]);
    auto adder = Ice::checkedCast<Bench::AdderPrx>(ice->stringToProxy("adder:tcp -h 127.0.0.1 -p " + port));
    std::vector<double> times;
    sequential(adder, 0.2, times);
    times.clear();
    double cpu_before = cpu();
    auto start = Clock::now();
    long done;
    if (window == 1)
    {
        done = sequential(adder, seconds, times);
    }
    else
    {
        Pipeline pipeline;
        pipeline.adder = adder;
        pipeline.end = start + std::chrono::microseconds(static_cast<long>(seconds * 1e6));
        done = pipeline.run(window);
    }
    double took = since(start), used = cpu() - cpu_before;
    std::sort(times.begin(), times.end());
    double p50 = times.empty() ? 0 : times[times.size() / 2], p99 = times.empty() ? 0 : times[times.size() * 99 / 100];
    std::cout << "{\"requests\": " << done << ", \"seconds\": " << took << ", \"cpu_s\": " << used << ", \"p50_us\": " << p50 * 1e6
              << ", \"p99_us\": " << p99 * 1e6 << "}" << std::endl;
    return 0;
}
