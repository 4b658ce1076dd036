import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadComponent } from "../../src/abi/component/load.ts";
import { scriptedHost } from "../helpers/guest-host.ts";
import { failureOf, PROMISES, player } from "../helpers/guest-library.ts";
import { choose, programs, unavailableImports } from "../helpers/programs.ts";

const built = await programs();
const play = await player(built.prepared, "library");

for (const [behaviour, check] of Object.entries(PROMISES)) test(`StarlingMonkey: ${behaviour}`, () => check(play));

test("StarlingMonkey: an asynchronous run that rejects is a failure", async () => {
	const { outcome } = await play("returns a promise");
	assert.is(failureOf(outcome).message, "later");
});

test("StarlingMonkey: the host's event loop runs while a guest waits for its timers", async () => {
	const component = await loadComponent(built.prepared);
	const instance = await component.instantiate({ ...unavailableImports(), ...scriptedHost([]).imports });
	await choose(instance, "library");
	let turns = 0;
	const timer = setInterval(() => {
		turns += 1;
	}, 2);
	try {
		assert.equal(await instance.run("timers"), { ok: "50,150" });
	} finally {
		clearInterval(timer);
	}
	assert.ok(turns >= 3, `${turns} turns`);
});

test.run();
