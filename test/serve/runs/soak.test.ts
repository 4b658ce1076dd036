import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { soakFaults } from "../../../scripts/runs-soak/faults.ts";
import { soakRuns } from "../../../scripts/runs-soak/soak.ts";
import { ROOT, scratch } from "../../helpers/guest.ts";
import { NO_REDIS } from "../../helpers/redis-server.ts";

const test = suite("runs over workers that are killed");

if (NO_REDIS !== undefined) test.skip(NO_REDIS, () => {});
else
	test("300 runs end once each, without gap or repetition, while a worker of three is killed every three seconds", async () => {
		const report = await soakRuns({
			program: join(ROOT, "src/cli/main.ts"),
			work: scratch(),
			runs: 300,
			workers: 3,
			places: 16,
			clients: 40,
			killEveryMs: 3_000,
			pauseMs: 20,
			seed: 7,
		});
		assert.equal(soakFaults(report, 300), []);
		assert.ok(report.kills >= 1, "a worker was killed");
	});

test.run();
