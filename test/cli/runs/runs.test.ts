import type { ChildProcess } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { scratch } from "../../helpers/guest.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { emittingAgent } from "../../helpers/run-requests.ts";
import { type SpearResult, spear, spearHere } from "../../helpers/spear.ts";

const test = suite("spear worker, submit and runs");

async function configFile(text: string): Promise<string> {
	const path = join(await mkdtemp(join(scratch(), "runs-")), "spear.toml");
	await writeFile(path, text);
	return path;
}

test("without [cluster], each command says what to add", async () => {
	const config = await configFile("");
	for (const args of [["worker"], ["submit", "clerk"], ["runs", "list", "clerk"], ["runs", "retry", "x"]]) {
		const { code, stderr } = await spearHere([...args, "--config", config, "--quiet"]);
		assert.is(code, 2, args.join(" "));
		assert.match(stderr, /needs a store that hosts share; add \[cluster\] with url and content/);
	}
});

if (NO_REDIS !== undefined) test.skip(`with a store: ${NO_REDIS}`, () => {});
else {
	/** A worker process. */
	interface Worker {
		readonly child: ChildProcess;
		readonly ended: Promise<SpearResult>;
		/** The object that it prints when it works. */
		readonly begun: { readonly host: string; readonly runs: number; readonly agents: readonly string[] };
	}

	async function startWorker(config: string, ...args: string[]): Promise<Worker> {
		const started = Promise.withResolvers<Omit<Worker, "ended">>();
		const ended = spear(["worker", "--config", config, "--json", "--no-watch", ...args], {
			onStart(child) {
				let printed = "";
				child.stdout?.on("data", (data: Buffer) => {
					printed += data;
					if (printed.endsWith("\n")) started.resolve({ child, begun: JSON.parse(printed) });
				});
			},
		});
		void ended.then(({ stderr }) => started.reject(new Error(stderr)));
		return { ...(await started.promise), ended };
	}

	async function storeConfig(redis: RedisServer, content = '"plain"'): Promise<string> {
		const agent = `[agents.clerk]\ncomponent = ${JSON.stringify(await emittingAgent())}\n`;
		return configFile(`${agent}[cluster]\nurl = "${redis.url}"\ncontent = ${content}\n[host]\nlog_level = "error"\n`);
	}

	test("a submitted run is run by a worker process, and waited for with the output and exit code of spear run", async () => {
		await using redis = await RedisServer.start();
		const config = await storeConfig(redis);
		const { child, begun, ended } = await startWorker(config, "--runs", "2");
		assert.equal([begun.runs, begun.agents], [2, ["clerk"]]);
		const here = (...args: string[]): Promise<SpearResult> => spearHere([...args, "--config", config]);
		assert.equal(await here("submit", "clerk", "emit", "--wait"), { code: 0, stdout: "abcd\ndone\n", stderr: "" });
		const failed = await here("submit", "clerk", "fail", "--wait", "--json");
		const { ok, error, id } = JSON.parse(failed.stdout);
		assert.equal([failed.code, ok, error], [1, false, { code: "guest_failed", message: "no luck today" }]);
		const shown = await here("runs", "show", id);
		assert.match(
			shown.stdout,
			/^run +clerk\.[\w-]{24}\nagent +clerk\nstate +failed\nattempt +1 of 3\n[\s\S]*\nerror +the guest failed: no luck today\n$/,
		);
		const lines = (await here("submit", "clerk", "emit", "--stream-json")).stdout.trim().split("\n");
		assert.equal(
			lines.map((line) => JSON.parse(line).type),
			["text", "event", "text", "event", "text", "event", "text", "event", "end"],
		);
		child.kill("SIGTERM");
		assert.is((await ended).code, 0);
	});

	test("runs are listed, shown, followed and cancelled, and an unknown one is told", async () => {
		await using redis = await RedisServer.start();
		const config = await storeConfig(redis);
		const here = (...args: string[]): Promise<SpearResult> => spearHere([...args, "--config", config]);
		const submitted = await here("submit", "clerk", "hello", "--delay", "1h", "--priority", "9", "--idempotency-key", "a", "--json");
		const { id, is_new } = JSON.parse(submitted.stdout);
		assert.is(is_new, true);
		assert.is((await here("submit", "clerk", "--idempotency-key", "a")).stdout, `${id}\n`);
		const [sums, , head, row] = (await here("runs", "list")).stdout.split("\n");
		assert.match(sums ?? "", /^clerk {2}1 waiting {2}0 running {2}0 poisoned$/);
		assert.match(head ?? "", /^RUN +STATE +ATTEMPT +SUBMITTED/);
		assert.match(row ?? "", new RegExp(`^${id.replaceAll(".", "\\.")} +delayed +0/3 `));
		assert.is((await here("runs", "retry", id)).stderr, "spear: the run is delayed; only poisoned runs can be retried\n");
		assert.equal(await here("runs", "cancel", id), { code: 0, stdout: "cancelled\n", stderr: "" });
		assert.is((await here("runs", "cancel", id)).stdout, "the run had ended: cancelled\n");
		assert.equal(await here("runs", "events", id, "--follow"), { code: 0, stdout: "", stderr: "" });
		const unknown = await here("runs", "show", `clerk.${"x".repeat(24)}`);
		assert.equal([unknown.code, unknown.stdout], [1, ""]);
		assert.match(unknown.stderr, /^spear: there is no run clerk\.x+; runs are kept for a while/);
	});

	test("a worker that is told to stop lets its runs end, and interrupts those that take too long", async () => {
		await using redis = await RedisServer.start();
		const config = await storeConfig(redis);
		const { child, ended } = await startWorker(config, "--drain", "1s");
		const here = (...args: string[]): Promise<SpearResult> => spearHere([...args, "--config", config]);
		const emits = (await here("submit", "clerk", "emit")).stdout.trim();
		const waits = (await here("submit", "clerk", "wait")).stdout.trim();
		const state = async (id: string): Promise<string> => JSON.parse((await here("runs", "show", id, "--json")).stdout).state;
		while ((await state(emits)) === "queued" || (await state(waits)) === "queued");
		child.kill("SIGTERM");
		const { code, stderr } = await ended;
		assert.is(code, 1);
		assert.match(
			stderr,
			/SIGTERM: no new runs; those in progress end first[\s\S]*1 runs did not end in time; other workers run them again/,
		);
		assert.equal([await state(emits), await state(waits)], ["completed", "queued"]);
	});

	test("a store that may hold no contents is named with the remedy", async () => {
		await using redis = await RedisServer.start();
		const config = await storeConfig(redis, '"none"');
		for (const args of [["worker"], ["submit", "clerk"]]) {
			const { code, stderr } = await spearHere([...args, "--config", config]);
			assert.is(code, 2, args[0]);
			assert.match(stderr, /runs: the shared store may hold no contents; set content = "sealed" with content_key_env in \[cluster\]/);
		}
	});
}

test.run();
