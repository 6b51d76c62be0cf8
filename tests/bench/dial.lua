-- One thread is one caller at a time: a fresh session id each time, the trail grown key by key, then END or hang up.
-- BENCH_KEYS is the journey, keys joined by spaces; CNIC stands for a number nobody has.
-- BENCH_PHONES is how many phones call in turn. BENCH_PATH is the address of the webhook.

local threads = {}
function setup(thread)
  thread:set("id", #threads)
  threads[#threads + 1] = thread
end

local path, keys, phones
local step, trail, session, caller, sessions

local function hex(n)
  local out = {}
  for i = 1, n do out[i] = string.format("%x", math.random(0, 15)) end
  return table.concat(out)
end

function init(args)
  path = os.getenv("BENCH_PATH")
  phones = tonumber(os.getenv("BENCH_PHONES") or "1000")
  keys = {}
  for key in string.gmatch(os.getenv("BENCH_KEYS") or "", "%S+") do keys[#keys + 1] = key end
  math.randomseed(os.time() * 100 + id + tonumber(os.getenv("BENCH_ROUND") or "0") * 7919)
  step, sessions = -1, 0
  caller = id * 1000000 + tonumber(os.getenv("BENCH_ROUND") or "0") * 100000
end

function request()
  step = step + 1
  if step > #keys or step == 0 then
    step, trail, session = 0, "", "ATUid_" .. hex(32)
    sessions = sessions + 1
    caller = caller + 1
  else
    local key = keys[step]
    if key == "CNIC" then key = "352" .. string.format("%010d", math.random(0, 9999999999)) end
    trail = (trail == "") and key or (trail .. "*" .. key)
  end
  local number = string.format("%%2B923%09d", phones > 0 and (caller % phones) + id * phones or caller)
  local body = "phoneNumber=" .. number .. "&serviceCode=%2A8171%23&text=" .. string.gsub(trail, "%*", "%%2A")
    .. "&sessionId=" .. session .. "&networkCode=99999"
  return wrk.format("POST", path, { ["Content-Type"] = "application/x-www-form-urlencoded", ["User-Agent"] = "at-ussd-api/1.0" }, body)
end

odd = 0 -- answers that are neither CON nor END; global, so that `done` can ask each thread
function response(status, headers, body)
  if status ~= 200 or not (string.sub(body, 1, 4) == "CON " or string.sub(body, 1, 4) == "END ") then odd = odd + 1 end
  if string.sub(body, 1, 4) == "END " and step < #keys then step = #keys end
end

function done(summary, latency, requests)
  local wrong = 0
  for _, thread in ipairs(threads) do wrong = wrong + thread:get("odd") end
  local failed = summary.errors
  io.write(string.format("BENCH requests=%d errors=%d p50=%.3f p99=%.3f\n", summary.requests,
    wrong + failed.status + failed.timeout + failed.connect + failed.read + failed.write,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
