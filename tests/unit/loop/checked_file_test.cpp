#include "control/loop/checked_file.hpp"

#include <fstream>
#include <iterator>

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

namespace fs = std::filesystem;

class CheckedFileTest : public ::testing::Test {
 protected:
  void save(const std::string& text) {
    const auto written = loop::write_checked(folder_.path(), "file", text);
    ASSERT_TRUE(written) << written.error().message;
  }
  loop::CheckedText load() { return loop::read_checked(folder_.path(), "file"); }
  std::string bytes() {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void put(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }

  Folder folder_;
  fs::path path_ = folder_.path() / "file";
};

TEST_F(CheckedFileTest, SaysNothingOfAFileThatIsGood) {
  save("text");
  EXPECT_EQ(load().text, "text");
  EXPECT_EQ(load().trouble, "");
}

TEST_F(CheckedFileTest, SaysNothingOfAFileThatNeverWas) {
  EXPECT_EQ(load().text, std::nullopt);
  EXPECT_EQ(load().trouble, "");
}

// proves: S21
TEST_F(CheckedFileTest, IsTheNewTextOrTheOldOneWhereverItIsCut) {
  save("the old text");
  save("the new text");
  const std::string whole = bytes();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    put(whole.substr(0, length));
    EXPECT_EQ(load().text, "the old text") << "cut after " << length;
    EXPECT_NE(load().trouble.find("its last good copy is used"), std::string::npos) << load().trouble;
  }
  put(whole);
  EXPECT_EQ(load().text, "the new text");
}

// proves: S21
TEST_F(CheckedFileTest, IsTheOldTextWhicheverBitFlips) {
  save("old");
  save("new");
  const std::string whole = bytes();
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string rotten = whole;
    rotten[bit / 8] = static_cast<char>(rotten[bit / 8] ^ (1 << (bit % 8)));
    put(rotten);
    EXPECT_EQ(load().text, "old") << "bit " << bit;
  }
}

TEST_F(CheckedFileTest, CountsAsMissingWhenThereIsNoGoodCopy) {
  save("text");
  put("rubbish");
  EXPECT_EQ(load().text, std::nullopt);
  EXPECT_EQ(load().trouble, path_.string() + " is broken, it counts as missing");
}

TEST_F(CheckedFileTest, SaysWhyItCannotBeWritten) {
  const auto written = loop::write_checked(folder_.path() / "missing", "file", "text");
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("No such file or directory"), std::string::npos);
}

}  // namespace
}  // namespace gate41::testing
