import { CLAIM_MARGIN_MS, FORGET_MS, MAX_CLAIM_MS, MAX_DEBT_MS, ROUNDING, SMALLEST_CLAIM, WINDOW_MS } from "../../../limits.ts";
import { NOW, Script } from "../../script.ts";

/** Values of one request among the arguments. */
export const SLICE_ARGUMENTS = 13;

/**
 * Exchanges slices of the buckets KEYS. ARGV: the host, then `SLICE_ARGUMENTS` values for each bucket. A bucket is one text of 17 words, so that
 * an exchange reads and writes each key once. Answers a list for each bucket; a text for one whose value cannot be used.
 */
export const EXCHANGE_SLICES = new Script(
	"limits.exchange-slices",
	`${NOW}
local at = now()
local host = ARGV[1]
local window = math.floor(at / ${WINDOW_MS})
local function number(text)
  local value = tonumber(text)
  if value == nil or value ~= value or value > 1e18 or value < -1e18 then return nil end
  return value
end
local function text(value)
  return string.format('%.17g', value)
end
local function read(key)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return {} end
  if kind ~= 'string' then return nil, 'a key of type ' .. kind end
  if redis.call('STRLEN', key) > 1024 then return nil, 'a value that is too long' end
  local words = {}
  for word in string.gmatch(redis.call('GET', key), '%S+') do words[#words + 1] = word end
  if #words ~= 17 or words[1] ~= '1' then return nil, 'a value of another form' end
  for i = 2, 17 do
    if i ~= 13 and i ~= 16 then
      words[i] = number(words[i])
      if words[i] == nil then return nil, 'a value without numbers' end
    end
  end
  return words
end
local out = {}
for i = 1, #KEYS do
  local base = 1 + (i - 1) * ${SLICE_ARGUMENTS}
  local a = {}
  for j = 1, ${SLICE_ARGUMENTS} do a[j] = tonumber(ARGV[base + j]) end
  local capacity, per_ms, forget, want, at_least, unused, owed, demand, held = a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]
  local told_window, told_demand, told_held = a[10], a[11], a[12]
  local waiting = a[13] == 1
  local b, fault = read(KEYS[i])
  if fault then
    out[i] = fault
  else
    if #b == 0 then b = {'1', capacity, per_ms, capacity, at, window, 0, 0, 0, 0, 0, 0, '-', 0, 0, '-', 0} end
    local level = math.min(b[2], b[4] + math.max(0, at - b[5]) * b[3])
    level = math.min(capacity, capacity - (b[2] - level) + unused - owed)
    if per_ms > 0 then level = math.max(level, -per_ms * ${MAX_DEBT_MS}) end
    local hosts, sum, kept, hosts0, sum0, kept0 = b[7], b[8], b[9], b[10], b[11], b[12]
    if window ~= b[6] then
      if window == b[6] + 1 then hosts0, sum0, kept0 = hosts, sum, kept else hosts0, sum0, kept0 = 0, 0, 0 end
      hosts, sum, kept = 0, 0, 0
    end
    if told_window == window and hosts > 0 then
      sum = math.max(demand, sum + demand - told_demand)
      kept = math.max(held, kept + held - told_held)
    else
      hosts, sum, kept = hosts + 1, math.max(demand, sum + demand), math.max(held, kept + held)
    end
    local n, d, h = math.max(hosts, hosts0), math.max(sum, sum0), math.max(kept, kept0)
    local claim_host, claim_amount, claim_until = b[13], b[14], b[15]
    if claim_until > at + ${MAX_CLAIM_MS + CLAIM_MARGIN_MS} then claim_until = 0 end
    local refused_host, refused_at = b[16], b[17]
    local is_others = claim_until > at and claim_host ~= host
    local available = level
    if is_others then available = level - math.max(0, claim_amount) end
    local needed = math.min(at_least, capacity)
    local granted, wait = 0, 0
    if available >= needed - capacity * ${ROUNDING} and available > 0 then
      local most = available
      if n > 1 then most = math.max(needed, available / 2, available - capacity / 4) end
      granted = math.min(math.max(want, needed), most, available)
      level = level - granted
      if claim_host == host then claim_until = 0 end
    else
      wait = -1
      if per_ms > 0 then wait = math.ceil(math.max(needed - available, 0) / per_ms) end
      if needed > 0 and waiting then
        refused_host, refused_at = host, at
        if needed > ${SMALLEST_CLAIM} and not is_others and wait >= 0 and wait <= ${MAX_CLAIM_MS} then
          claim_host, claim_amount, claim_until = host, needed, at + wait + ${CLAIM_MARGIN_MS}
        end
      end
    end
    local ttl = forget
    if per_ms > 0 then ttl = math.ceil((capacity - level) / per_ms) + 10000 end
    redis.call('SET', KEYS[i], table.concat({'1', text(capacity), text(per_ms), text(level), text(at), text(window),
      text(hosts), text(sum), text(kept), text(hosts0), text(sum0), text(kept0), claim_host, text(claim_amount), text(claim_until),
      refused_host, text(refused_at)}, ' '), 'PX', string.format('%.0f', math.min(math.max(ttl, 1), ${FORGET_MS})))
    local starved = 0
    if refused_host ~= host and at - refused_at < ${2 * WINDOW_MS} then starved = 1 end
    out[i] = {text(granted), text(level), text(wait), text(d), text(n), text(math.max(0, h - held)), starved, text(window)}
  end
end
return out
`,
);
