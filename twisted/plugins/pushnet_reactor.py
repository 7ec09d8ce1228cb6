"""`twistd --reactor pushnet`: the reactor of nodes."""

from twisted.application.reactors import Reactor

reactor = Reactor("pushnet", "pushnet.app.reactor", "epoll with less done for each event.")
