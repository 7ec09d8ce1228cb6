// The server in stock Ice for C++: server --Roll.Record=FILE --Roll.Endpoints=... [--Ice.X=Y]
#include <Ice/Ice.h>
#include <roll.h>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>
#include <unistd.h>

using namespace std;

// What was executed: in memory, and on disk at the latest a tenth of a second later.
class Executed
{
public:
    explicit Executed(const string& path) : _file(path, ios::app), _writer([this] { writeOn(); }) {}

    void add(const char* kind, int client, long long number)
    {
        lock_guard<mutex> lock(_mutex);
        _lines += string(kind) + " " + to_string(client) + " " + to_string(number) + "\n";
    }

    void close()
    {
        {
            lock_guard<mutex> lock(_mutex);
            _ended = true;
        }
        _wake.notify_all();
        _writer.join();
        _file.close();
    }

private:
    void writeOn()
    {
        unique_lock<mutex> lock(_mutex);
        while (true)
        {
            _wake.wait_for(lock, chrono::milliseconds(100), [this] { return _ended; });
            bool last = _ended;
            string lines;
            lines.swap(_lines);
            lock.unlock();
            _file << lines << flush;
            if (last) return;
            lock.lock();
        }
    }

    ofstream _file;
    mutex _mutex;
    condition_variable _wake;
    string _lines;
    bool _ended = false;
    thread _writer;
};

class LedgerI : public Roll::Ledger
{
public:
    explicit LedgerI(Executed& executed) : _executed(executed) {}

    long long look(int client, long long number, const Ice::Current&) override
    {
        _executed.add("look", client, number);
        return number;
    }

    long long write(int client, long long number, const Ice::Current&) override
    {
        _executed.add("write", client, number);
        return number;
    }

    void note(int client, long long number, const Ice::Current&) override { _executed.add("note", client, number); }
    void gather(int client, long long number, const Ice::Current&) override { _executed.add("gather", client, number); }

private:
    Executed& _executed;
};

int main(int argc, char* argv[])
{
    Ice::CtrlCHandler signals;
    Ice::InitializationData data;
    data.properties = Ice::createProperties(argc, argv);
    data.properties->parseCommandLineOptions("Roll", Ice::argsToStringSeq(argc, argv));
    string record = data.properties->getProperty("Roll.Record");
    auto at = record.find("PID");
    if (at != string::npos) record.replace(at, 3, to_string(getpid()));
    Executed executed(record);
    {
        Ice::CommunicatorHolder ice(argc, argv, data);
        auto communicator = ice.communicator();
        signals.setCallback([communicator](int) { communicator->shutdown(); });
        auto adapter = ice->createObjectAdapter("Roll");
        adapter->addDefaultServant(make_shared<LedgerI>(executed), "roll");
        adapter->activate();
        cout << "ready" << endl;
        ice->waitForShutdown();
        signals.setCallback(nullptr);
    }
    executed.close();
    return 0;
}
