// The Asio side of Network; included by network.cpp and wire.cpp only.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "tools/client/network.hpp"

namespace larder::client {

struct Network::Loop {
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stay{
      context.get_executor()};
  std::thread thread;
};

}  // namespace larder::client
