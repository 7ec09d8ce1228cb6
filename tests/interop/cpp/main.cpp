// The cases with stock Ice for C++: peer [AREA ...] --Ice.Property=Value ...
//
// With the property `Server.Endpoints` it serves the areas named, and first prints the endpoints. Then it reads
// commands, one a line: `AREA ENCODING ENDPOINT` runs the checks of an area against a server, prints a line for
// each and a dot. It ends with its input.
#include "peer.h"

#include <iostream>
#include <sstream>

namespace
{

std::vector<Area> areas()
{
    return {operations(), failures(), objects(), optionals(), slicing(), dispatching(), calling()};
}

std::string oneLine(std::string text)
{
    for (auto& letter : text)
    {
        letter = letter == '\n' ? ' ' : letter;
    }
    return text;
}

std::string outcome(const std::string& name, const std::function<void(const Where&)>& check, const Where& where)
{
    try
    {
        check(where);
        return "ok " + name;
    }
    catch (const Mismatch& error)
    {
        return "FAILED " + name + ": " + oneLine(error.what());
    }
    catch (const Ice::Exception& error)
    {
        std::ostringstream text;
        text << error;
        return "FAILED " + name + ": " + oneLine(text.str());
    }
    catch (const std::exception& error)
    {
        return "FAILED " + name + ": " + oneLine(error.what());
    }
}

Ice::ObjectAdapterPtr serve(const Ice::CommunicatorPtr& communicator, const std::vector<std::string>& names)
{
    auto adapter = communicator->createObjectAdapter("Server");
    for (const auto& area : areas())
    {
        for (const auto& name : names)
        {
            if (area.name == name)
            {
                area.serve(adapter);
            }
        }
    }
    adapter->activate();
    return adapter;
}

void obey(const Ice::CommunicatorPtr& communicator, const std::string& line)
{
    std::istringstream words(line);
    std::string area;
    Where where;
    where.communicator = communicator;
    words >> area >> where.encoding;
    std::getline(words >> std::ws, where.endpoint);
    where.old = where.encoding == "1.0";
    for (const auto& one : areas())
    {
        if (one.name == area)
        {
            for (const auto& check : one.checks)
            {
                std::cout << outcome(check.first, check.second, where) << "\n";
            }
        }
    }
    std::cout << "." << std::endl;
}

} // namespace

int main(int argc, char* argv[])
{
    Ice::InitializationData data;
    data.properties = Ice::createProperties(argc, argv);
    Ice::StringSeq names(argv + 1, argv + argc);
    names = data.properties->parseCommandLineOptions("Server", names);
    Ice::CommunicatorHolder holder(data);
    const Ice::CommunicatorPtr communicator = holder.communicator();
    if (!data.properties->getProperty("Server.Endpoints").empty())
    {
        std::string told;
        for (const auto& endpoint : serve(communicator, names)->getEndpoints())
        {
            told += (told.empty() ? "" : ":") + endpoint->toString();
        }
        std::cout << told << std::endl;
    }
    for (std::string line; std::getline(std::cin, line);)
    {
        obey(communicator, line);
    }
    return 0;
}
