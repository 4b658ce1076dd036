/** Helper process of `lock.test.ts`: five times under the lock, notes that it enters and that it leaves. */
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Disk } from "../../../codegen/write/disk.ts";
import { takeLock } from "../../../codegen/write/lock.ts";

const [dir = ""] = process.argv.slice(2);
const log = path.join(dir, "log");
for (let round = 0; round < 5; round++) {
	const release = await takeLock(new Disk(), path.join(dir, "lock"));
	fs.appendFileSync(log, `enter ${process.pid}.${round}\n`);
	await delay(3);
	fs.appendFileSync(log, `leave ${process.pid}.${round}\n`);
	release();
}
