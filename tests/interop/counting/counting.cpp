// Stock Ice for C++ that counts, as stock_counting.py does: see there.
//
//     counting server|client --Ice.Property=Value ...
#include <Ice/Ice.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

namespace
{

const int threads = 3;

class CountingI : public Ice::Blobject
{
public:
    bool ice_invoke(Ice::ByteSeq, Ice::ByteSeq& result, const Ice::Current& current) override
    {
        if (current.operation != "ice_ping")
        {
            std::lock_guard<std::mutex> lock(_mutex);
            names.push_back(current.id.name);
        }
        result = {6, 0, 0, 0, 1, 1};
        return true;
    }

    std::vector<std::string> names;

private:
    std::mutex _mutex;
};

void serve(const Ice::CommunicatorPtr& communicator, Ice::CtrlCHandler& signals)
{
    signals.setCallback([communicator](int) { communicator->shutdown(); });
    auto adapter = communicator->createObjectAdapter("Counting");
    auto servant = std::make_shared<CountingI>();
    adapter->addDefaultServant(servant, "counting");
    adapter->activate();
    std::cout << "serving" << std::endl;
    communicator->waitForShutdown();
    auto record = communicator->getProperties()->getProperty("Counting.Record");
    communicator->destroy();
    std::ofstream file(record);
    for (const auto& name : servant->names)
    {
        file << name << "\n";
    }
}

struct Caller
{
    long begun = 0;
    std::vector<std::string> failed;

    void run(const Ice::ObjectPrxPtr& base, const std::string& name, const std::atomic<bool>& stopping)
    {
        const Ice::ByteSeq nothing = {6, 0, 0, 0, 1, 1};
        while (!stopping)
        {
            auto kind = begun++ % 4;
            auto target = base->ice_identity({name + "." + std::to_string(begun), "counting"});
            Ice::ByteSeq result;
            try
            {
                if (kind < 2)
                {
                    auto mode = kind ? Ice::OperationMode::Idempotent : Ice::OperationMode::Normal;
                    target->ice_invoke("count", mode, nothing, result);
                }
                else if (kind == 2)
                {
                    target->ice_oneway()->ice_invoke("count", Ice::OperationMode::Normal, nothing, result);
                }
                else
                {
                    auto batch = target->ice_batchOneway();
                    batch->ice_invoke("count", Ice::OperationMode::Normal, nothing, result);
                    batch->ice_flushBatchRequests();
                }
            }
            catch (const Ice::Exception& error)
            {
                failed.push_back(target->ice_getIdentity().name + error.ice_id());
            }
        }
    }
};

void call(const Ice::CommunicatorPtr& communicator)
{
    auto base = communicator->propertyToProxy("Counting.Proxy");
    auto name = communicator->getProperties()->getProperty("Counting.Name");
    std::atomic<bool> stopping{false};
    std::vector<Caller> callers(threads);
    std::vector<std::thread> running;
    for (int number = 0; number < threads; ++number)
    {
        running.emplace_back([&, number] { callers[number].run(base, name + "." + std::to_string(number), stopping); });
    }
    std::cout << "calling" << std::endl;
    std::string line;
    while (std::getline(std::cin, line))
    {
    }
    stopping = true;
    std::for_each(running.begin(), running.end(), [](std::thread& each) { each.join(); });
    base->ice_identity({"end", "counting"})->ice_ping();
    for (const auto& caller : callers)
    {
        std::cout << caller.begun << " ";
    }
    std::cout << std::endl;
    for (const auto& caller : callers)
    {
        for (const auto& failed : caller.failed)
        {
            std::cout << failed << " ";
        }
    }
    std::cout << std::endl;
}

}

int main(int argc, char* argv[])
{
    Ice::CtrlCHandler signals; // before there is any other thread
    Ice::InitializationData data;
    data.properties = Ice::createProperties(argc, argv);
    Ice::StringSeq rest(argv + 1, argv + argc);
    data.properties->parseCommandLineOptions("Counting", rest);
    Ice::CommunicatorHolder holder(argc, argv, data);
    if (std::string(argv[1]) == "server")
    {
        serve(holder.communicator(), signals);
    }
    else
    {
        call(holder.communicator());
    }
    return 0;
}
