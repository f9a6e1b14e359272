// The compiled half of Asio and Beast (see asio.cmake): the only file that includes their sources.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
