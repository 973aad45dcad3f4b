-- Asks for the paths of a file one after the other, and says in one line of JSON how it went.
local requests, last = {}, 0

init = function()
    for path in io.lines(os.getenv("MARU_PATHS")) do
        requests[#requests + 1] = wrk.format("GET", path)
    end
end

request = function()
    last = last % #requests + 1
    return requests[last]
end

done = function(summary, latency)
    local errors = summary.errors
    local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
    print(string.format('{"requests":%d,"seconds":%f,"bytes":%d,"p50_ms":%f,"p99_ms":%f,"failed":%d}',
        summary.requests, summary.duration / 1e6, summary.bytes,
        latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, failed))
end
