import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf } from "../../scripts/serve-soak/faults.ts";
import { soak } from "../../scripts/serve-soak/run.ts";

const PROGRAM = join(import.meta.dirname, "../../src/cli/main.ts");

const test = suite("soak of spear serve");

test("no request is lost and no answer is another's, while a backend dies, one is slow, and SIGTERM comes under load", async () => {
	const work = mkdtempSync(join(tmpdir(), "spear-soak-"));
	try {
		const report = await soak({ program: PROGRAM, work, clients: 16, seconds: 4, thinkMs: 50 });
		assert.equal(faultsOf(report), []);
		const { served } = report.phases.disturbed;
		assert.ok(served.some(({ outcome }) => outcome.type === "whole"));
		assert.is(report.stop.exitCode, 0);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
});

test.run();
