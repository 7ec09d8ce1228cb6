// What the areas of the C++ peer are written with: checks of what a server does, and servants for the other end.
// The names of checks and what they say stand in `cases/`, in Python; each check there has one here.
#pragma once

#include <Ice/Ice.h>

#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Something is not as promised.
class Mismatch : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// A server to call, over one transport, in one encoding.
struct Where
{
    Ice::CommunicatorPtr communicator;
    std::string encoding;
    std::string endpoint;
    bool old;

    std::string transport() const { return endpoint.substr(0, endpoint.find(' ')); }

    std::string text(const std::string& identity, const std::string& options = "-t") const
    {
        return identity + " " + options + " -e " + encoding + ":" + endpoint;
    }

    template <class P> std::shared_ptr<P> proxy(const std::string& identity, const std::string& options = "-t") const
    {
        return Ice::uncheckedCast<P>(communicator->stringToProxy(text(identity, options)));
    }
};

struct Area
{
    std::string name;
    std::vector<std::pair<std::string, std::function<void(const Where&)>>> checks;
    std::function<void(const Ice::ObjectAdapterPtr&)> serve;
};

// One a file.
Area operations();
Area failures();
Area objects();
Area optionals();
Area slicing();
Area dispatching();
Area calling();

inline bool alike(float a, float b) { return std::memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b); }
inline bool alike(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b); }

inline bool alike(const std::shared_ptr<Ice::ObjectPrx>& a, const std::shared_ptr<Ice::ObjectPrx>& b)
{
    return Ice::targetEqualTo(a, b);
}

template <class T> bool alike(const T& a, const T& b) { return a == b; }

template <class T, class A> bool alike(const std::vector<T, A>& a, const std::vector<T, A>& b)
{
    if (a.size() != b.size())
    {
        return false;
    }
    for (size_t i = 0; i < a.size(); ++i)
    {
        const T& left = a[i];
        const T& right = b[i];
        if (!alike(left, right))
        {
            return false;
        }
    }
    return true;
}

inline void hold(bool condition, const std::string& what)
{
    if (!condition)
    {
        throw Mismatch("not so: " + what);
    }
}

inline void sameText(const std::string& got, const std::string& wanted, const std::string& what)
{
    hold(got == wanted, what + " is " + got + " and not " + wanted);
}

template <class E> E raises(const std::function<void()>& call, const std::string& what)
{
    try
    {
        call();
    }
    catch (const E& error)
    {
        return error;
    }
    throw Mismatch("nothing was raised: " + what);
}

// The exception of exactly that class.
template <class E> std::unique_ptr<E> exactly(const std::function<void()>& call, const std::string& what)
{
    try
    {
        call();
    }
    catch (const E& error)
    {
        hold(typeid(error) == typeid(E), what + " raises " + error.ice_id());
        return std::unique_ptr<E>(dynamic_cast<E*>(error.ice_clone().release()));
    }
    throw Mismatch("nothing was raised: " + what);
}

inline void fails(const std::function<void()>& call, const std::string& what)
{
    try
    {
        call();
    }
    catch (const Ice::Exception&)
    {
        return;
    }
    throw Mismatch("nothing was raised: " + what);
}

// Raises Mismatch with the condition's text.
#define HOLDS(...) hold((__VA_ARGS__), #__VA_ARGS__)
#define SAME(got, wanted) sameText(got, wanted, #got)
// The exception that the call must raise.
#define RAISES(kind, ...) raises<kind>([&] { __VA_ARGS__; }, #__VA_ARGS__)

// The same, when it must be of that class and of none derived from it.
#define EXACTLY(kind, ...) exactly<kind>([&] { __VA_ARGS__; }, #__VA_ARGS__)
// It must raise anything.
#define FAILS(...) fails([&] { __VA_ARGS__; }, #__VA_ARGS__)

inline std::vector<Ice::Byte> encapsulation(const std::string& encoding, const std::vector<Ice::Byte>& data)
{
    const auto size = static_cast<int>(data.size()) + 6;
    std::vector<Ice::Byte> all = {static_cast<Ice::Byte>(size & 255), static_cast<Ice::Byte>((size >> 8) & 255),
                                  static_cast<Ice::Byte>((size >> 16) & 255), static_cast<Ice::Byte>(size >> 24), 1,
                                  static_cast<Ice::Byte>(encoding == "1.0" ? 0 : 1)};
    all.insert(all.end(), data.begin(), data.end());
    return all;
}
