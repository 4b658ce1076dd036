import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Disk } from "../../../codegen/write/disk.ts";
import { takeLock } from "../../../codegen/write/lock.ts";
import { inScratch } from "./scratch.ts";

const disk = new Disk();

test("one holder at a time, however many ask at once", async () => {
	await inScratch(async (dir) => {
		let holders = 0;
		let most = 0;
		const work = async (): Promise<void> => {
			const release = await takeLock(disk, path.join(dir, "lock"));
			holders++;
			most = Math.max(most, holders);
			await new Promise((resolve) => setImmediate(resolve));
			holders--;
			release();
		};
		await Promise.all(Array.from({ length: 8 }, work));
		assert.equal([most, holders], [1, 0]);
		assert.equal(fs.readdirSync(path.join(dir, "lock")), []);
	});
});

test("processes take turns", async () => {
	await inScratch(async (dir) => {
		const script = path.join(import.meta.dirname, "append-under-lock.ts");
		const exits = Array.from({ length: 3 }, () => {
			const child = spawn(process.execPath, [script, dir], { stdio: "inherit" });
			return new Promise<number | null>((resolve) => child.once("exit", resolve));
		});
		assert.equal(await Promise.all(exits), [0, 0, 0]);
		const log = fs.readFileSync(path.join(dir, "log"), "utf8").trim().split("\n");
		assert.is(log.length, 30);
		for (let at = 0; at < log.length; at += 2) assert.is(log[at + 1], log[at]?.replace("enter", "leave"));
	});
});

test("a lock left by a process that died is taken over", async () => {
	await inScratch(async (dir) => {
		await takeLock(disk, dir, { pid: 4_000_000 });
		const release = await takeLock(disk, dir, { patienceMs: 0, isAlive: (pid) => pid !== 4_000_000 });
		assert.is(fs.readdirSync(dir).length, 1);
		release();
	});
});

test("waiting ends with a message that says who holds it and what to delete", async () => {
	await inScratch(async (dir) => {
		await takeLock(disk, dir, { pid: 4711 });
		const [flag = ""] = fs.readdirSync(dir);
		const waitedFor: string[] = [];
		try {
			await takeLock(disk, dir, { patienceMs: 60, isAlive: () => true, onWait: (holder) => waitedFor.push(holder) });
			assert.unreachable();
		} catch (cause) {
			assert.is(
				cause instanceof Error && cause.message,
				`another codegen run (process 4711) is writing; if there is none, delete ${path.join(dir, flag)}`,
			);
		}
		assert.equal(waitedFor, ["process 4711"]);
		assert.equal(fs.readdirSync(dir), [flag]);
	});
});

test("a lock of another machine counts while it is fresh", async () => {
	await inScratch(async (dir) => {
		const flag = path.join(dir, "lock.1.00000000.abcdef01");
		fs.writeFileSync(flag, "");
		const attempt = takeLock(disk, dir, { patienceMs: 0 });
		const outcome = await attempt.then(
			() => "held",
			() => "refused",
		);
		assert.is(outcome, "refused");
		const hourAgo = Date.now() / 1000 - 3600;
		fs.utimesSync(flag, hourAgo, hourAgo);
		(await takeLock(disk, dir, { patienceMs: 0 }))();
		assert.equal(fs.readdirSync(dir), []);
	});
});

test("a lock of another machine from the future is removed, and told; one within the skew of clocks holds", async () => {
	await inScratch(async (dir) => {
		const flag = path.join(dir, "lock.1.00000000.abcdef01");
		const future: string[] = [];
		const take = (): Promise<() => void> => takeLock(disk, dir, { patienceMs: 0, onFutureFlag: (file) => future.push(file) });
		fs.writeFileSync(flag, "");
		const inSeconds = (seconds: number): void => fs.utimesSync(flag, Date.now() / 1000 + seconds, Date.now() / 1000 + seconds);
		inSeconds(20);
		assert.is(
			await take().then(
				() => "held",
				() => "refused",
			),
			"refused",
		);
		assert.equal(future, []);
		inSeconds(3600);
		(await take())();
		assert.equal([future, fs.readdirSync(dir)], [[flag], []]);
	});
});

test.run();
