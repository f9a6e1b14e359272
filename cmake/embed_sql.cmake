# Writes OUT: the numbered .sql files of FOLDER as string literals, in order of their numbers, as FUNCTION of namespace SPACE,
# which HEADER declares: std::span<const sql::Migration> FUNCTION(). A script that names tables with {t} is repeated for the suffixes 0 to 3.
file(GLOB scripts ${FOLDER}/[0-9][0-9][0-9][0-9]_*.sql)
list(SORT scripts)
set(rows "")
foreach(script IN LISTS scripts)
  get_filename_component(name ${script} NAME)
  string(SUBSTRING ${name} 0 4 digits)
  string(REGEX REPLACE "^0+" "" number ${digits})
  file(READ ${script} text)
  if("${text}" MATCHES "_{t}")
    set(each "${text}")
    set(text "")
    foreach(suffix RANGE 3)
      string(REPLACE "{t}" "${suffix}" one "${each}")
      string(APPEND text "${one}")
    endforeach()
  endif()
  string(APPEND rows "    larder::sql::Migration{${number}, \"${name}\", R\"LARDER_SQL(${text})LARDER_SQL\"},\n")
endforeach()
file(WRITE ${OUT} "#include <array>\n\n#include \"${HEADER}\"\n\nnamespace ${SPACE} {\nnamespace {\n
constexpr std::array kScripts = {\n${rows}};\n\n}  // namespace\n
std::span<const sql::Migration> ${FUNCTION}() { return kScripts; }\n\n}  // namespace ${SPACE}\n")
