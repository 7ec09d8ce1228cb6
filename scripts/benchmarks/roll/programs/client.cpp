// The load in stock Ice for C++: client --Roll.Client=N --Roll.Rate=N --Roll.Lanes=... --Roll.Out=FILE
// What the requests are, and what is written at the end, is said in load.py.
#include <Glacier2/Glacier2.h>
#include <Ice/Ice.h>
#include <roll.h>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

using namespace std;

const char* const KINDS[] = {"look", "write", "note", "gather"};
const size_t BATCH = 5;
const auto TICK = chrono::milliseconds(10);
const long UNDER_WAY_MAX = 2000;
const auto LAST = chrono::seconds(30);

long long nowUs()
{
    return chrono::duration_cast<chrono::microseconds>(chrono::steady_clock::now().time_since_epoch()).count();
}

struct Request
{
    int kind;
    long long number;
    long long begunUs;
    string lane;
};

struct Lane
{
    string name;
    shared_ptr<Roll::LedgerPrx> twoway, oneway, batch;
    vector<Request> gathered;
};

class Load
{
public:
    Load(int client, double rate, vector<Lane> lanes) : _client(client), _rate(rate), _lanes(move(lanes)) {}

    void begin() { _begunUs = nowUs(); }

    void tick()
    {
        auto due = static_cast<long long>(static_cast<double>(nowUs() - _begunUs) * _rate / 1e6);
        while (_made < due && underWay() < UNDER_WAY_MAX) make(_made);
    }

    void end()
    {
        for (auto& lane : _lanes) flush(lane);
    }

    long long underWay()
    {
        lock_guard<mutex> lock(_mutex);
        return _made - _toldCount - _gathered;
    }

    void write(const string& path)
    {
        lock_guard<mutex> lock(_mutex);
        ofstream(path) << "made " << _made << '\n' << _told.str();
    }

private:
    void told(const Request& request, const string& wrong)
    {
        auto took = nowUs() - request.begunUs;
        lock_guard<mutex> lock(_mutex);
        ++_toldCount;
        _told << KINDS[request.kind] << ' ' << request.number << (wrong.empty() ? " ok " : " failed ") << request.begunUs
              << ' ' << took << ' ' << request.lane << ' ' << (wrong.empty() ? "-" : wrong) << '\n';
    }

    void failed(const Request& request, exception_ptr error)
    {
        try { rethrow_exception(error); }
        catch (const Ice::Exception& what) { told(request, what.ice_id().substr(2)); }
        catch (const exception&) { told(request, "std::exception"); }
    }

    void make(long long number)
    {
        ++_made;
        Lane& lane = _lanes[static_cast<size_t>(number / 4) % _lanes.size()];
        Request request{static_cast<int>(number % 4), number, nowUs(), lane.name};
        try
        {
            send(lane, request);
        }
        catch (...)
        {
            failed(request, current_exception());
        }
    }

    void send(Lane& lane, const Request& request)
    {
        auto answered = [this, request](long long answer) { told(request, answer == request.number ? "" : "WrongAnswer"); };
        auto wrong = [this, request](exception_ptr error) { failed(request, error); };
        switch (request.kind)
        {
        case 0: lane.twoway->lookAsync(_client, request.number, answered, wrong); break;
        case 1: lane.twoway->writeAsync(_client, request.number, answered, wrong); break;
        case 2: lane.oneway->noteAsync(_client, request.number, nullptr, wrong, [this, request](bool) { told(request, ""); }); break;
        default:
            lane.batch->gather(_client, request.number);
            lane.gathered.push_back(request);
            ++_gathered;
            if (lane.gathered.size() >= BATCH) flush(lane);
        }
    }

    void flush(Lane& lane)
    {
        if (lane.gathered.empty()) return;
        auto requests = make_shared<vector<Request>>(move(lane.gathered));
        lane.gathered.clear();
        _gathered -= static_cast<long long>(requests->size());
        lane.batch->ice_flushBatchRequestsAsync(
            [this, requests](exception_ptr error) { for (auto& each : *requests) failed(each, error); },
            [this, requests](bool) { for (auto& each : *requests) told(each, ""); });
    }

    int _client;
    double _rate;
    vector<Lane> _lanes;
    long long _begunUs = 0;
    long long _made = 0;
    atomic<long long> _gathered{0};
    mutex _mutex;
    ostringstream _told;
    long long _toldCount = 0;
};

vector<Lane> lanesOf(const shared_ptr<Ice::Communicator>& communicator, const string& text, bool routed)
{
    vector<Lane> found;
    istringstream parts(text);
    string part;
    while (getline(parts, part, ';'))
    {
        auto space = part.find(' ');
        string name = part.substr(0, space);
        auto proxy = Ice::uncheckedCast<Roll::LedgerPrx>(communicator->stringToProxy(part.substr(space + 1)));
        if (!routed) proxy = proxy->ice_connectionId(name)->ice_locatorCacheTimeout(0);
        found.push_back(Lane{name, proxy, proxy->ice_oneway(), proxy->ice_batchOneway(), {}});
    }
    return found;
}

int main(int argc, char* argv[])
{
    Ice::InitializationData data;
    data.properties = Ice::createProperties(argc, argv);
    data.properties->parseCommandLineOptions("Roll", Ice::argsToStringSeq(argc, argv));
    Ice::CommunicatorHolder ice(argc, argv, data);
    auto get = [&](const string& name) { return data.properties->getProperty("Roll." + name); };
    bool routed = ice->getDefaultRouter() != nullptr;
    if (routed) Ice::checkedCast<Glacier2::RouterPrx>(ice->getDefaultRouter())->createSession("bench", "bench");
    Load load(stoi(get("Client")), stod(get("Rate")), lanesOf(ice.communicator(), get("Lanes"), routed));
    cout << "ready" << endl;
    string line;
    getline(cin, line);
    load.begin();
    atomic<bool> ended{false};
    thread reader([&ended] { string last; getline(cin, last); ended = true; });
    while (!ended)
    {
        this_thread::sleep_for(TICK);
        load.tick();
    }
    reader.join();
    load.end();
    auto until = chrono::steady_clock::now() + LAST;
    while (load.underWay() > 0 && chrono::steady_clock::now() < until) this_thread::sleep_for(TICK);
    load.write(get("Out"));
    return 0;
}
