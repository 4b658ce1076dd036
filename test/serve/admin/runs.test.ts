import { test } from "uvu";
import * as assert from "uvu/assert";
import { AdminClient, AdminError } from "../../../src/admin.ts";
import { ADMIN_KEY, faultsOf, servedAdmin } from "../../helpers/admin.ts";
import { emittingAgent } from "../../helpers/run-requests.ts";

test("submitted runs of every guest are listed, cancelled, and retried once they are poisoned", async () => {
	const at = await servedAdmin({ agents: { clerk: { component: await emittingAgent() } } });
	const admin = new AdminClient({ url: at.url, key: ADMIN_KEY });
	const poisoned = await at.host.submit("clerk", "fail", { maxAttempts: 1, retryGuestFailures: true, guest: "anna" });
	const later = await at.host.submit("clerk", "hello", { delayMs: 3_600_000 });
	await poisoned.result().catch(() => {});
	const list = await admin.runs();
	assert.equal(faultsOf("RunList", list), []);
	assert.equal(list.agents, [{ agent: "clerk", waiting: 1, running: 0, poisoned: 1, oldest_ms: 0 }]);
	assert.equal(
		list.runs.map(({ id, state, guest }) => [id, state, guest]),
		[
			[later.id, "delayed", undefined],
			[poisoned.id, "poisoned", "anna"],
		],
	);
	assert.equal(
		(await admin.runs({ state: ["poisoned", "failed"], agent: "clerk" })).runs.map(({ id }) => id),
		[poisoned.id],
	);
	const cancelled = await admin.cancelRun(later.id);
	assert.equal([cancelled.state, faultsOf("QueuedRun", cancelled)], ["cancelled", []]);
	assert.is((await admin.retryRun(poisoned.id)).id, poisoned.id);
	const error = await poisoned.result().catch((thrown: Error) => thrown.message);
	assert.is(error, "no luck today", "the run was run again");
	const refused = await admin.retryRun(later.id).catch((thrown: unknown) => thrown);
	assert.ok(refused instanceof AdminError);
	assert.equal([refused.status, refused.code], [409, "conflict"]);
	const unknown = await admin.cancelRun(`clerk.${"x".repeat(24)}`).catch((thrown: unknown) => thrown);
	assert.is(unknown instanceof AdminError && unknown.status, 404);
	await at.close();
});

test.run();
