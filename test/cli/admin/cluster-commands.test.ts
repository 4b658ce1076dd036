/** `spear reload` and the hosts in `spear top`, against two running hosts that share a real Redis. */
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ADMIN_KEY, servedAdmin } from "../../helpers/admin.ts";
import { type ClusterMember, eventually, STUB, startCluster, type TestCluster } from "../../helpers/cluster.ts";
import { NO_REDIS } from "../../helpers/redis-server.ts";
import { type SpearResult, spearHere } from "../../helpers/spear.ts";

const test = suite("spear reload, hosts in spear top");

const KEY_ENV = "SPEAR_ADMIN_KEY";
const TWO_BACKENDS = `${STUB}[backends.b]\nkind = "stub"\n`;

test.before(() => {
	process.env[KEY_ENV] = ADMIN_KEY;
});
test.after(() => {
	delete process.env[KEY_ENV];
});

const here = ({ url }: { readonly url: string }, ...args: string[]): Promise<SpearResult> => spearHere([...args, "--url", url]);

test("spear reload of a host alone prints the changes, and --all says that it is alone", async () => {
	const at = await servedAdmin({});
	const { code, stdout } = await here(at, "reload", "--dry-run");
	assert.is(code, 0);
	assert.match(stdout, /^the configuration can be used; nothing was changed: [0-9a-f]{12}, without a change\n$/);
	const all = await here(at, "reload", "--all");
	assert.is(all.code, 2);
	assert.match(all.stderr, "its configuration has no [cluster]");
	await at.close();
});

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	let cluster: TestCluster;
	let north: ClusterMember;
	let south: ClusterMember;

	test.before(async () => {
		cluster = await startCluster();
		north = await cluster.start("north");
		south = await cluster.start("south");
	});
	test.after(async () => {
		await cluster[Symbol.asyncDispose]();
	});

	test("spear reload --all goes from host to host, and ends with 2 before any change if a file has a fault", async () => {
		for (const host of [north, south]) host.write(TWO_BACKENDS);
		const { code, stdout } = await here(north, "reload", "--all");
		assert.is(code, 0);
		const lines = stdout.replaceAll(/[0-9a-f]{12}/g, "DIGEST").replaceAll(/after \S+/g, "after TIME");
		assert.is(
			lines,
			`north: can use the configuration DIGEST
south: can use the configuration DIGEST
south: reloads
south: serves with the configuration DIGEST after TIME
north: reloads
north: serves with the configuration DIGEST after TIME
all hosts were reloaded
`,
		);
		south.write(`${STUB}weight = -1\n`);
		const refused = await here(north, "reload", "--all");
		assert.is(refused.code, 2);
		assert.match(refused.stdout, /^south: FAILED: the configuration of the host has a fault\n {2}backends\.a\.weight \(line 11\): /m);
		const json = await here(north, "reload", "--all", "--dry-run", "--json");
		const steps = json.stdout
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		assert.equal([json.code, steps.map(({ type }) => type)], [2, ["checked", "failed", "end"]]);
		const single = await here(south, "reload");
		assert.is(single.code, 2);
		assert.match(single.stderr, /^ {2}backends\.a\.weight \(line 11\): /m);
	});

	test("spear top shows the hosts, and warns of different configurations", async () => {
		south.write(TWO_BACKENDS);
		await here(north, "reload", "--all");
		const equal = await here(north, "top", "--once");
		assert.match(equal.stdout, /^HOST +STATE +IN FLIGHT +REQ\/S +ERRORS +RUNS +LEASED +CONFIG +NOTES$/m);
		assert.match(equal.stdout, /^north\* +serving +0 +0 +- +0 +0 +[0-9a-f]{12}$/m);
		assert.match(equal.stdout, /^south +serving +0 /m);
		assert.not.match(equal.stdout, /^!/m);
		south.write(STUB);
		assert.match((await here(south, "reload")).stdout, /^the configuration was reloaded: [0-9a-f]{12}\n {2}backends: -b\n$/);
		const different = await eventually(async () => {
			const { stdout } = await here(north, "top", "--once");
			return stdout.includes("configurations") && stdout;
		});
		assert.match(different, /^! hosts have 2 configurations: [0-9a-f]{12} at north; [0-9a-f]{12} at south$/m);
		assert.match(different, /^south .* [0-9a-f]{12}!$/m);
		await cluster.redis.kill();
		const unreachable = await eventually(async () => {
			const { stdout } = await here(north, "top", "--once");
			return stdout.includes("unreachable") && stdout;
		});
		assert.match(unreachable, /^! the shared store has been unreachable for \S+ \(.+\); last contact \S+ ago$/m);
		assert.match(unreachable, /^south +unknown /m);
		assert.is((await here(north, "reload", "--all")).code, 1);
	});
}

test.run();
