import { test } from "uvu";
import * as assert from "uvu/assert";
import type { State } from "../../../generated/ir/rt.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { SessionState } from "../../../src/stream/realtime/state.ts";

const STATES: readonly State[] = ["init", "configured", "connecting", "connected", "draining", "closed", "failed"];

/** The shortest sequence of transitions to each state. */
const PATHS: { readonly [S in State]: readonly State[] } = {
	init: [],
	configured: ["configured"],
	connecting: ["configured", "connecting"],
	connected: ["configured", "connecting", "connected"],
	draining: ["configured", "connecting", "connected", "draining"],
	closed: ["configured", "connecting", "connected", "closed"],
	failed: ["failed"],
};

const LEGAL: readonly string[] = [
	"init>configured",
	"init>failed",
	"configured>connecting",
	"configured>failed",
	"connecting>connected",
	"connecting>failed",
	"connected>draining",
	"connected>closed",
	"connected>failed",
	"draining>closed",
	"draining>failed",
];

function at(state: State): SessionState {
	const machine = new SessionState();
	for (const step of PATHS[state]) machine.to(step);
	return machine;
}

test("a session refuses every transition that is not listed", () => {
	const allowed: string[] = [];
	for (const from of STATES) {
		for (const to of STATES) {
			const machine = at(from);
			try {
				machine.to(to);
				allowed.push(`${from}>${to}`);
				assert.is(machine.current, to);
			} catch (thrown) {
				assert.ok(thrown instanceof SpearError && thrown.code === "internal");
				assert.is(thrown.message, `a session that is ${from} cannot become ${to}`);
				assert.is(machine.current, from);
			}
		}
	}
	assert.equal(allowed, LEGAL);
});

test("a session has ended when it is closed or failed", () => {
	assert.equal(
		STATES.filter((state) => at(state).ended),
		["closed", "failed"],
	);
});

test.run();
