// The one client of the registry benchmark, for every registry alike: stock Ice for C++.
//   client LOCATOR lookups adapter|object SECONDS WINDOW PREFIX COUNT   lookups of PREFIX0.. in turn; prints calls/s
//   client LOCATOR register WINDOW PREFIX FIRST COUNT                   registers adapters of this process; prints
//                                                                       registrations/s, then stays until stdin ends
//   client LOCATOR watch ID LIMIT_S                                     prints "ready", then the seconds until ID is
//                                                                       no longer answered with the endpoints it had
#include <Ice/Ice.h>
#include <Ice/Locator.h>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

using namespace std;
using Clock = chrono::steady_clock;

double since(Clock::time_point start) { return chrono::duration<double>(Clock::now() - start).count(); }

// Keeps `window` calls under way until `more` says that it is enough; returns when all are answered.
class Pump
{
public:
    explicit Pump(int window) : _window(window) {}

    template<class Send> void run(Send send, function<bool(long)> more)
    {
        long sent = 0;
        while (true)
        {
            unique_lock<mutex> lock(_mutex);
            _free.wait(lock, [this] { return _pending < _window; });
            if (!more(sent)) break;
            ++_pending;
            lock.unlock();
            send(sent++);
        }
        unique_lock<mutex> lock(_mutex);
        _free.wait(lock, [this] { return _pending == 0; });
    }

    void done()
    {
        lock_guard<mutex> lock(_mutex);
        --_pending;
        ++answered;
        _free.notify_one();
    }

    void failed(exception_ptr error)
    {
        if (!wrong.exchange(true))
        {
            try { rethrow_exception(error); }
            catch (const exception& what) { cerr << what.what() << endl; }
        }
        done();
    }

    long answered = 0;
    atomic<bool> wrong{false};

private:
    int _window;
    int _pending = 0;
    mutex _mutex;
    condition_variable _free;
};

int lookups(const shared_ptr<Ice::LocatorPrx>& locator, char** argv)
{
    const string kind = argv[0];
    const double seconds = stod(argv[1]);
    Pump pump(stoi(argv[2]));
    const string prefix = argv[3];
    const long count = stol(argv[4]);
    vector<string> names;
    for (long number = 0; number < count; ++number) names.push_back(prefix + to_string(number));
    auto failed = [&pump](exception_ptr error) { pump.failed(error); };
    auto found = [&pump](const shared_ptr<Ice::ObjectPrx>&) { pump.done(); };
    auto start = Clock::now();
    pump.run(
        [&](long number) {
            const string& name = names[number % count];
            if (kind == "adapter") locator->findAdapterByIdAsync(name, found, failed);
            else locator->findObjectByIdAsync(Ice::Identity{name, ""}, found, failed);
        },
        [&](long) { return since(start) < seconds && !pump.wrong; });
    cout << pump.answered / since(start) << endl;
    return pump.wrong ? 1 : 0;
}

int registrations(const shared_ptr<Ice::CommunicatorPtr::element_type>& communicator,
                  const shared_ptr<Ice::LocatorPrx>& locator, char** argv)
{
    Pump pump(stoi(argv[0]));
    const string prefix = argv[1];
    const long first = stol(argv[2]), count = stol(argv[3]);
    auto adapter = communicator->createObjectAdapterWithEndpoints("Here", "tcp -h 127.0.0.1");
    adapter->activate();
    auto here = adapter->createDirectProxy(Ice::Identity{"dummy", ""});
    auto registry = locator->getRegistry();
    auto failed = [&pump](exception_ptr error) { pump.failed(error); };
    auto start = Clock::now();
    pump.run(
        [&](long number) {
            registry->setAdapterDirectProxyAsync(
                prefix + to_string(first + number), here, [&pump] { pump.done(); }, failed);
        },
        [&](long sent) { return sent < count && !pump.wrong; });
    cout << pump.answered / since(start) << endl;
    string line;
    getline(cin, line);
    return pump.wrong ? 1 : 0;
}

int watch(const shared_ptr<Ice::LocatorPrx>& locator, char** argv)
{
    const string id = argv[0];
    const double limit = stod(argv[1]);
    const auto before = locator->findAdapterById(id)->ice_toString();
    cout << "ready" << endl;
    string line;
    getline(cin, line); // the moment of the fault
    auto start = Clock::now();
    while (since(start) < limit)
    {
        try
        {
            auto found = locator->findAdapterById(id);
            if (!found || found->ice_toString() != before) break;
        }
        catch (const Ice::AdapterNotFoundException&) { break; }
        this_thread::sleep_for(chrono::milliseconds(2));
    }
    cout << since(start) << endl;
    return 0;
}

int main(int argc, char** argv)
{
    Ice::InitializationData data;
    data.properties = Ice::createProperties();
    Ice::CommunicatorHolder holder(data);
    auto communicator = holder.communicator();
    auto locator = Ice::uncheckedCast<Ice::LocatorPrx>(communicator->stringToProxy(argv[1]));
    const string what = argv[2];
    if (what == "lookups" && argc == 8) return lookups(locator, argv + 3);
    if (what == "register" && argc == 7) return registrations(communicator, locator, argv + 3);
    if (what == "watch" && argc == 5) return watch(locator, argv + 3);
    cerr << "see the beginning of client.cpp" << endl;
    return 2;
}
