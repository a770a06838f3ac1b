// CD images, by the book (ECMA-119): a root folder with one file, named by Joliet or by Rock Ridge.
#pragma once

#include <string>

namespace gate41::testing {

enum class Names { joliet, rock_ridge };

std::string cd(const std::string& label, const std::string& name, const std::string& text, Names names);

}  // namespace gate41::testing
