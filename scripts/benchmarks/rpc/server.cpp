// The stock C++ Ice server of the benchmark: server PORT
#include <Ice/Ice.h>
#include <bench.h>
#include <iostream>

class AdderI : public Bench::Adder
{
public:
    int add(int a, int b, const Ice::Current&) override { return a + b; }
};

int main(int argc, char* argv[])
{
    Ice::CommunicatorHolder ice(argc, argv);
    auto adapter = ice->createObjectAdapterWithEndpoints("Bench", std::string("tcp -h 127.0.0.1 -p ") + argv[argc - 1]);
    adapter->add(std::make_shared<AdderI>(), Ice::stringToIdentity("adder"));
    adapter->activate();
    std::cout << "ready" << std::endl;
    ice->waitForShutdown();
    return 0;
}
