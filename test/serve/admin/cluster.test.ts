/** The admin API of two hosts that share a real Redis. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { chat, faultsOf, servedAdmin } from "../../helpers/admin.ts";
import { eventually, startCluster } from "../../helpers/cluster.ts";
import { readPrometheus } from "../../helpers/prometheus.ts";
import { NO_REDIS } from "../../helpers/redis-server.ts";

const test = suite("hosts in the admin API");

test("a host alone has no hosts, and cannot reload others", async () => {
	const at = await servedAdmin({});
	assert.equal(await at.json("/cluster"), { hosts: [], configs: [], refused: [] });
	assert.is((await at.json("/status")).cluster, undefined);
	const answer = await at.send("POST", "/cluster/reload", {});
	assert.is(answer.status, 404);
	assert.match(await answer.text(), "its configuration has no [cluster]");
	await at.close();
});

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	test("each host shows all hosts with their load, and its lines and metrics carry its name", async () => {
		await using cluster = await startCluster();
		const north = await cluster.start("north");
		const south = await cluster.start("south");
		const client = south.host.client();
		for (let index = 0; index < 5; index++) await chat(client);
		const seen = await eventually(async () => {
			const answer = await north.admin.cluster();
			return answer.hosts.find(({ name }) => name === "south")?.requests.per_s ? answer : undefined;
		});
		assert.equal(faultsOf("Cluster", seen), []);
		assert.equal(
			seen.hosts.map(({ name, is_this, state, ready, differs, config: { version } }) => [name, is_this, state, ready, differs, version]),
			[
				["north", true, "serving", true, false, 1],
				["south", false, "serving", true, false, 1],
			],
		);
		assert.equal(
			seen.configs.map(({ hosts }) => hosts),
			[["north", "south"]],
		);
		const status = await south.admin.status();
		assert.equal([status.cluster, status.config.digest], [{ host: "south", store_reachable: true }, seen.configs[0]?.digest]);
		const lines = south.log.filter(({ message }) => message.startsWith("GET /admin/"));
		assert.ok(lines.length > 0 && lines.every(({ fields }) => "host" in fields && fields.host === "south"));
		const families = readPrometheus(south.host.metrics?.prometheus() ?? "");
		const gauge = (name: string): string | undefined => families.get(name)?.samples[0]?.value;
		assert.equal([gauge("spear_store_reachable"), gauge("spear_hosts")], ["1", "2"]);
		const samples = [...families.values()].flatMap((family) => family.samples);
		assert.ok(samples.length > 10 && samples.every(({ labels }) => labels.spear_host === "south"));
		const calls = families.get("spear_store_call_duration_seconds")?.samples ?? [];
		const renewals = calls.find(({ labels }) => labels.spear_store_call === "members.renew" && labels.spear_outcome === "ok");
		assert.ok(Number(renewals?.count) >= 2);
		await south.server.close({ drainMs: 0 });
		await eventually(async () => (await north.admin.cluster()).hosts[1]?.state === "draining");
		await south.close();
		assert.equal(
			(
				await eventually(async () => {
					const { hosts } = await north.admin.cluster();
					return hosts.length === 1 && hosts;
				})
			).map(({ name }) => name),
			["north"],
		);
	});
}

test.run();
