-- sweep: removes fields whose time has run out, where the server does not do it.
-- KEYS     as in prelude.lua
-- ARGV[2]  how many to look at
-- returns  { how many were removed, whether there may be more (1 or 0) }      O(M log N) in those looked at
begin()
local removed, looked = finish(tonumber(ARGV[2]))
return { removed, looked >= tonumber(ARGV[2]) and 1 or 0 }
