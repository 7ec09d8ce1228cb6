// The stock C++ Ice server of the benchmark: server PORT tcp|tls [--IceSSL.X=...]
#include <Ice/Ice.h>
#include <bench.h>
#include <iostream>

class EchoI : public Bench::Echo
{
public:
    int add(int a, int b, const Ice::Current&) override { return a + b; }
    Bench::Bytes echoBytes(Bench::Bytes value, const Ice::Current&) override { return value; }
    Bench::Items echoItems(Bench::Items value, const Ice::Current&) override { return value; }
    std::shared_ptr<Bench::Node> echoGraph(std::shared_ptr<Bench::Node> value, const Ice::Current&) override { return value; }
    Bench::Counts echoCounts(Bench::Counts value, const Ice::Current&) override { return value; }
    void note(int, const Ice::Current&) override { ++count; }
    long long noted(const Ice::Current&) override { return count; }

private:
    long long count = 0; // Ice's default thread pool has one thread
};

int main(int argc, char* argv[])
{
    Ice::CommunicatorHolder ice(argc, argv);
    std::string protocol = std::string(argv[2]) == "tls" ? "ssl" : "tcp";
    auto adapter = ice->createObjectAdapterWithEndpoints("Bench", protocol + " -h 127.0.0.1 -p " + argv[1]);
    adapter->add(std::make_shared<EchoI>(), Ice::stringToIdentity("echo"));
    adapter->activate();
    std::cout << "ready" << std::endl;
    ice->waitForShutdown();
    return 0;
}
