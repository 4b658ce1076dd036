/** Reloads of several hosts, which share a real Redis, from one of them. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AdminError, type ClusterReloadStep } from "../../../src/admin.ts";
import { faultsOf } from "../../helpers/admin.ts";
import { type ClusterMember, eventually, STUB, startCluster } from "../../helpers/cluster.ts";
import { NO_REDIS } from "../../helpers/redis-server.ts";

const test = suite("a reload of all hosts by the admin API");

const TWO_BACKENDS = `${STUB}[backends.b]\nkind = "stub"\n`;

/** Reloads all hosts from one. Returns the steps, and checks each against the OpenAPI document. */
async function reloaded({ admin }: ClusterMember, dryRun = false): Promise<ClusterReloadStep[]> {
	const steps: ClusterReloadStep[] = [];
	for await (const step of admin.reloadCluster({ dry_run: dryRun })) {
		assert.equal(faultsOf("ClusterReloadStep", step), []);
		steps.push(step);
	}
	return steps;
}

const words = (steps: readonly ClusterReloadStep[]): string[] =>
	steps.map((step) => (step.type === "end" ? `end ${step.outcome}` : `${step.type} ${step.host}`));

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	test("a reload goes from host to host, and stops before any change if one cannot use its file", async () => {
		await using cluster = await startCluster();
		const north = await cluster.start("north");
		const south = await cluster.start("south");
		north.write(TWO_BACKENDS);
		south.write('[backends.a]\nkind = "stab"\n');
		const refused = await reloaded(north);
		assert.equal(words(refused), ["checked north", "failed south", "end refused"]);
		const failed = refused[1];
		assert.ok(failed?.type === "failed");
		assert.equal([failed.code, failed.faults.map(({ path, line }) => [path, line])], ["invalid_config", [["backends.a.kind", 10]]]);
		assert.equal([north.host.backends().length, south.host.backends().length], [1, 1]);
		south.write(TWO_BACKENDS);
		assert.equal(words(await reloaded(north, true)), ["checked north", "checked south", "end checked"]);
		const done = await reloaded(north);
		assert.equal(words(done), [
			"checked north",
			"checked south",
			"reloading south",
			"reloaded south",
			"reloading north",
			"reloaded north",
			"end done",
		]);
		assert.equal([north.host.backends().length, south.host.backends().length], [2, 2]);
		const end = done.at(-1);
		assert.equal(end?.type === "end" && end.configs.map(({ hosts }) => hosts), [["north", "south"]]);
		const { hosts } = await eventually(async () => {
			const answer = await south.admin.cluster();
			return answer.hosts.every(({ config: { version } }) => version === 2) && answer;
		});
		assert.equal(
			hosts.map(({ state, differs }) => [state, differs]),
			[
				["serving", false],
				["serving", false],
			],
		);
	});

	test("a reload that fails at the second host says which hosts have which configuration, and a second reload meanwhile is refused", async () => {
		await using cluster = await startCluster();
		const north = await cluster.start("north");
		const south = await cluster.start("south");
		const west = await cluster.start("west");
		for (const host of [north, south, west]) host.write(TWO_BACKENDS);
		const steps: ClusterReloadStep[] = [];
		for await (const step of north.admin.reloadCluster()) {
			if (step.type === "reloaded" && step.host === "south") west.write(STUB.replace('"stub"', '"stub"\nweight = 5'));
			if (step.type === "reloading" && step.host === "south") {
				const second = await Array.fromAsync(west.admin.reloadCluster()).catch((thrown: unknown) => thrown);
				assert.ok(second instanceof AdminError);
				assert.equal([second.status, second.code], [409, "busy"]);
			}
			steps.push(step);
		}
		assert.equal(words(steps).slice(3), ["reloading south", "reloaded south", "reloading west", "failed west", "end stopped"]);
		const [failed, end] = steps.slice(-2);
		assert.is(failed?.type === "failed" && failed.code, "changed");
		assert.equal(end?.type === "end" && end.configs.map(({ hosts }) => hosts), [["north", "west"], ["south"]]);
		const { hosts } = await eventually(async () => {
			const answer = await north.admin.cluster();
			return answer.configs.length === 2 && answer;
		});
		assert.equal(
			hosts.map(({ name, differs }) => [name, differs]),
			[
				["north", false],
				["south", true],
				["west", false],
			],
		);
	});
}

test.run();
