import { test } from "uvu";
import * as assert from "uvu/assert";
import { DecisionLog } from "../../../src/router/decision/decision-log.ts";
import type { RouteDecision } from "../../../src/router/decision/route-decision.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { watched } from "../calls.ts";

async function decisionOf(request_id: string): Promise<RouteDecision> {
	const context = watched();
	await routerOf([fakeInstance("a")]).unary({ ...chatEnvelope(), request_id }, context);
	const [decision] = context.decisions;
	if (decision === undefined) throw new Error("no decision");
	return decision;
}

test("a full decision log deletes the oldest decision of the guest with the most", async () => {
	const log = new DecisionLog(4);
	log.add(await decisionOf("victim"), "victim");
	for (let i = 0; i < 6; i++) log.add(await decisionOf(`hostile-${i}`), "hostile");
	assert.equal(
		log.list().map(({ requestId }) => requestId),
		["victim", "hostile-3", "hostile-4", "hostile-5"],
	);
});

test.run();
