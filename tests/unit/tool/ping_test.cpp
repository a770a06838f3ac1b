// The rows of a ping and of a traceroute, as people read them.
#include <gtest/gtest.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

std::string ping(const char* json) { return render_ping(Json::parse(json)); }
std::string trace(const char* json) { return render_trace(Json::parse(json)); }

TEST(PingText, SaysWhoIsAskedFromWhere) {
  EXPECT_EQ(ping(R"({"event":"start","destination":"2600:41::80","source":"2002:b00:2a::1","size":56})"),
            "ping 2600:41::80 from 2002:b00:2a::1, 56 bytes of data\n");
}

// proves: S86
TEST(PingText, HasALineAnAnswer) {
  EXPECT_EQ(ping(R"({"event":"answer","seq":1,"from":"2600:41::80","bytes":64,"hop_limit":57,
                     "time_ms":12.34,"duplicate":false})"),
            "64 bytes from 2600:41::80: seq=1 hop limit=57 time=12.3 ms\n");
  EXPECT_EQ(ping(R"({"event":"answer","seq":1,"from":"2600:41::80","bytes":64,"hop_limit":57,
                     "time_ms":0.2,"duplicate":true})"),
            "64 bytes from 2600:41::80: seq=1 hop limit=57 time=0.2 ms (duplicate)\n");
}

TEST(PingText, SaysWhatAnErrorMeans) {
  EXPECT_EQ(ping(R"({"event":"error","seq":2,"from":"2600:41::1","type":1,"code":0,
                     "sentence":"destination unreachable, no route","mtu":null})"),
            "from 2600:41::1: seq=2 destination unreachable, no route\n");
}

TEST(PingText, SaysWhatThisBoxHasDroppedAndWhy) {
  EXPECT_EQ(
      ping(R"({"event":"dropped","seq":2,"reason":"relay_down","sentence":"no live relay","mtu":null})"),
      "seq=2 not sent: no live relay [relay_down]\n");
  EXPECT_EQ(ping(R"({"event":"dropped","seq":1,"reason":"packet_too_big",
                     "sentence":"larger than the way out takes","mtu":1280})"),
            "seq=1 not sent: larger than the way out takes, mtu 1280 [packet_too_big]\n");
}

// proves: S86
TEST(PingText, EndsWithStatistics) {
  EXPECT_EQ(ping(R"({"event":"statistics","sent":8,"received":3,"lost":62.5,"duplicates":1,"errors":2,
                     "dropped":1,"no_answer":[2,4,5,6],"min_ms":10,"avg_ms":12.25,"max_ms":20})"),
            "no answer: seq 2, 4-6\n"
            "8 sent, 3 received, 62 % lost, 2 errors, 1 dropped here, 1 duplicate\n"
            "round trip: least 10.0 ms, average 12.2 ms, most 20.0 ms\n");
  EXPECT_EQ(ping(R"({"event":"statistics","sent":1,"received":0,"lost":100,"duplicates":0,"errors":0,
                     "dropped":0,"no_answer":[1],"min_ms":null,"avg_ms":null,"max_ms":null})"),
            "no answer: seq 1\n1 sent, 0 received, 100 % lost\n");
}

// proves: S86
TEST(TraceText, HasALineAHopWithTheAddressOnce) {
  EXPECT_EQ(trace(R"({"event":"hop","hop":3,"probes":[{"from":"2001:db8::1","time_ms":12.34,"sentence":null},
                     {"from":"2001:db8::1","time_ms":12.1,"sentence":null},null]})"),
            " 3  2001:db8::1  12.3 ms  12.1 ms  *\n");
  EXPECT_EQ(
      trace(R"({"event":"hop","hop":12,"probes":[null,{"from":"2001:db8::1","time_ms":1,"sentence":null},
                     {"from":"2001:db8::2","time_ms":2,"sentence":"destination unreachable, no route"}]})"),
      "12  *  2001:db8::1  1.0 ms  2001:db8::2  2.0 ms (destination unreachable, no route)\n");
}

TEST(TraceText, SaysHowItBeginsAndEnds) {
  EXPECT_EQ(trace(R"({"event":"start","destination":"2600:41::80","source":"2002:b00:2a::1","max_hops":30})"),
            "traceroute to 2600:41::80 from 2002:b00:2a::1, at most 30 hops\n");
  EXPECT_EQ(
      trace(R"({"event":"dropped","hop":1,"reason":"relay_down","sentence":"no live relay","mtu":null})"),
      "hop=1 not sent: no live relay [relay_down]\n");
  EXPECT_EQ(trace(R"({"event":"end","reached":true,"sentence":"reached"})"), "reached\n");
}

TEST(PingText, AnUnknownRowOfANewerDaemonIsLeftOut) {
  EXPECT_EQ(ping(R"({"event":"wonder"})"), "");
  EXPECT_EQ(trace(R"({"event":"wonder"})"), "");
  EXPECT_EQ(ping("[]"), "");
}

}  // namespace
}  // namespace gate41::tool
