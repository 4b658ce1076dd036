/** Functions of WASI preview 1, called as a guest calls them. */
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { GuestState, Trap } from "../../../../generated/abi/component/lowering/runtime.ts";
import { ERRNO } from "../../../../src/abi/core/preview1/errno.ts";
import { PREVIEW1_IMPORTS, PREVIEW1_MODULE, Preview1 } from "../../../../src/abi/core/preview1/preview1.ts";
import { DEFAULT_HOSTCALL_LIMITS } from "../../../../src/abi/hostcall-limits.ts";
import { GuestExit } from "../../../../src/abi/output/exit.ts";
import { type CoreMemory, webAssembly } from "../../../../src/abi/web-assembly.ts";
import { isFullRun } from "../../../helpers/full-run.ts";

const test = suite("WASI preview 1");

const PAGE = 65_536;

interface Wasi {
	readonly guest: GuestState;
	readonly memory: CoreMemory;
	readonly view: DataView;
	readonly lines: string[];
	readonly faults: string[];
	readonly preview1: Preview1;
	/** Calls a function by its name. */
	call(name: string, ...parameters: (number | bigint)[]): unknown;
}

function createWasi({ cpuMs = () => 0 }: { cpuMs?: () => number } = {}): Wasi {
	const guest = new GuestState(DEFAULT_HOSTCALL_LIMITS);
	const lines: string[] = [];
	const faults: string[] = [];
	const preview1 = new Preview1({
		guest,
		stdout: (line, isCut) => void lines.push(`out: ${line}${isCut ? "…" : ""}`),
		stderr: (line) => void lines.push(`err: ${line}`),
		cpuMs,
		onFault: (cause, site) => void faults.push(`${site}: ${cause}`),
		onExit: () => {},
	});
	const memory = new webAssembly.Memory({ initial: 1 });
	preview1.attach(memory);
	return {
		guest,
		memory,
		view: new DataView(memory.buffer),
		lines,
		faults,
		preview1,
		call: (name, ...parameters) =>
			Reflect.apply(
				preview1.bind(name, (_site, target) => target),
				undefined,
				parameters,
			),
	};
}

/** Writes texts to the memory, and their records from address 0. */
function buffers({ view, memory }: Wasi, ...texts: string[]): void {
	let at = 1_024;
	for (const [index, text] of texts.entries()) {
		const length = new TextEncoder().encodeInto(text, new Uint8Array(memory.buffer, at)).written;
		view.setUint32(index * 8, at, true);
		view.setUint32(index * 8 + 4, length, true);
		at += length;
	}
}

const NAMES = `args_get args_sizes_get environ_get environ_sizes_get clock_res_get clock_time_get fd_advise fd_allocate fd_close fd_datasync
	fd_fdstat_get fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get fd_filestat_set_size fd_filestat_set_times fd_pread fd_prestat_get
	fd_prestat_dir_name fd_pwrite fd_read fd_readdir fd_renumber fd_seek fd_sync fd_tell fd_write path_create_directory path_filestat_get
	path_filestat_set_times path_link path_open path_readlink path_remove_directory path_rename path_symlink path_unlink_file poll_oneoff proc_exit
	proc_raise sched_yield random_get sock_accept sock_recv sock_send sock_shutdown`.split(/\s+/);

test("all functions are there, with the types that WASI gives them", () => {
	assert.equal(PREVIEW1_IMPORTS.map(({ name }) => name).sort(), [...NAMES].sort());
	for (const { module } of PREVIEW1_IMPORTS) assert.is(module, PREVIEW1_MODULE);
	const signatures = new Map(PREVIEW1_IMPORTS.map(({ name, signature }) => [name, signature]));
	for (const [name, signature] of [
		["clock_time_get", "iIi>i"],
		["fd_seek", "iIii>i"],
		["fd_pread", "iiiIi>i"],
		["path_open", "iiiiiIIii>i"],
		["path_filestat_set_times", "iiiiIIi>i"],
		["path_link", "iiiiiii>i"],
		["proc_exit", "i>"],
		["sched_yield", ">i"],
	] as const)
		assert.is(signatures.get(name), signature);
});

test("arguments and environment are empty", () => {
	const wasi = createWasi();
	for (const name of ["args", "environ"]) {
		wasi.view.setUint32(8, 7, true);
		wasi.view.setUint32(12, 7, true);
		assert.is(wasi.call(`${name}_sizes_get`, 8, 12), 0);
		assert.equal([wasi.view.getUint32(8, true), wasi.view.getUint32(12, true)], [0, 0]);
		assert.is(wasi.call(`${name}_get`, 8, 12), 0);
	}
});

test("clocks tell the time of the day, a time that only rises, and the CPU time of the guest", () => {
	const wasi = createWasi({ cpuMs: () => 1.5 });
	const time = (clock: number): bigint => {
		assert.is(wasi.call("clock_time_get", clock, 0n, 16), 0);
		return wasi.view.getBigUint64(16, true);
	};
	const before = BigInt(Date.now()) * 1_000_000n;
	assert.ok(time(0) >= before);
	const first = time(1);
	assert.ok(time(1) >= first);
	assert.equal([time(2), time(3)], [1_500_000n, 1_500_000n]);
	for (const clock of [-1, 4]) {
		assert.is(wasi.call("clock_time_get", clock, 0n, 16), ERRNO.inval);
		assert.is(wasi.call("clock_res_get", clock, 16), ERRNO.inval);
	}
	assert.is(wasi.call("clock_res_get", 0, 16), 0);
	assert.is(wasi.view.getBigUint64(16, true), 1_000_000n);
});

test("what is written to 1 and 2 becomes lines", () => {
	const wasi = createWasi();
	buffers(wasi, "one\ntw", "o\n", "thr");
	assert.is(wasi.call("fd_write", 1, 0, 3, 64), 0);
	assert.is(wasi.view.getUint32(64, true), 11);
	assert.is(wasi.call("fd_write", 2, 8, 1, 64), 0);
	assert.equal(wasi.lines, ["out: one", "out: two", "err: o"]);
	wasi.preview1.flush();
	assert.equal(wasi.lines.slice(3), ["out: thr"]);
});

test("one call writes 64 KiB or 1,024 lines at most, and the guest learns how much", () => {
	const wasi = createWasi();
	Reflect.apply(Reflect.get(wasi.memory, "grow"), wasi.memory, [1]);
	const view = new DataView(wasi.memory.buffer);
	const write = (...lengths: number[]): number => {
		for (const [index, length] of lengths.entries()) {
			view.setUint32(index * 8, 1_024, true);
			view.setUint32(index * 8 + 4, length, true);
		}
		assert.is(wasi.call("fd_write", 1, 0, lengths.length, 64), 0);
		return view.getUint32(64, true);
	};
	new Uint8Array(wasi.memory.buffer, 1_024).fill(97);
	assert.is(write(40_000, 40_000), 65_536);
	assert.is(write(40_000, 25_536), 65_536);
	assert.is(write(10, 0, 7), 17);
	new Uint8Array(wasi.memory.buffer, 1_024).fill(10);
	assert.is(write(5_000), 1_024);
	assert.is(write(1_000, 1_000), 1_024);
	assert.is(write(1_000, 24), 1_024);
	new Uint8Array(wasi.memory.buffer, 1_024, 3).set(Buffer.from("a\nb"));
	wasi.preview1.flush();
	wasi.lines.length = 0;
	assert.is(write(3), 3);
	wasi.preview1.flush();
	assert.equal(wasi.lines, ["out: a", "out: b"]);
});

test("too many buffers, and addresses outside the memory, are errnos, and nothing is written", () => {
	const wasi = createWasi();
	buffers(wasi, "hello\n");
	assert.is(wasi.call("fd_write", 1, 0, 1_025, 64), ERRNO.inval);
	assert.is(wasi.call("fd_write", 1, 0, -1, 64), ERRNO.inval);
	assert.is(wasi.call("fd_write", 1, PAGE - 4, 1, 64), ERRNO.fault);
	assert.is(wasi.call("fd_write", 1, -8, 1, 64), ERRNO.fault);
	assert.is(wasi.call("fd_write", 1, 0, 1, PAGE - 3), ERRNO.fault);
	wasi.view.setUint32(4, PAGE, true);
	assert.is(wasi.call("fd_write", 1, 0, 1, 64), ERRNO.fault);
	assert.equal(wasi.lines, []);
	assert.is(wasi.call("fd_write", 1, 0, 0, 64), 0);
	assert.is(wasi.view.getUint32(64, true), 0);
});

test("the input is at its end", () => {
	const wasi = createWasi();
	buffers(wasi, "room");
	wasi.view.setUint32(64, 9, true);
	assert.is(wasi.call("fd_read", 0, 0, 1, 64), 0);
	assert.is(wasi.view.getUint32(64, true), 0);
	assert.is(wasi.call("fd_read", 1, 0, 1, 64), ERRNO.badf);
	assert.is(wasi.call("fd_write", 0, 0, 1, 64), ERRNO.badf);
});

test("the standard descriptors are character devices without positions", () => {
	const wasi = createWasi();
	for (const [fd, right] of [
		[0, 2n],
		[1, 64n],
		[2, 64n],
	] as const) {
		new Uint8Array(wasi.memory.buffer, 128, 64).fill(0xff);
		assert.is(wasi.call("fd_fdstat_get", fd, 128), 0);
		assert.equal([wasi.view.getUint8(128), wasi.view.getUint16(130, true)], [2, 0]);
		assert.equal([wasi.view.getBigUint64(136, true), wasi.view.getBigUint64(144, true)], [right | (1n << 27n), 0n]);
		assert.is(wasi.view.getUint8(152), 0xff);
		assert.is(wasi.call("fd_filestat_get", fd, 128), 0);
		const stat = new Uint8Array(64);
		stat[16] = 2;
		assert.equal(new Uint8Array(wasi.memory.buffer.slice(128, 192)), stat);
		assert.is(wasi.call("fd_seek", fd, 0n, 1, 128), ERRNO.spipe);
		assert.is(wasi.call("fd_tell", fd, 128), ERRNO.spipe);
		assert.is(wasi.call("fd_fdstat_set_flags", fd, 4), 0);
		assert.is(wasi.call("fd_sync", fd), 0);
	}
});

test("a descriptor that was closed is closed", () => {
	const wasi = createWasi();
	buffers(wasi, "hello\n");
	assert.is(wasi.call("fd_close", 1), 0);
	assert.is(wasi.call("fd_close", 1), ERRNO.badf);
	assert.is(wasi.call("fd_write", 1, 0, 1, 64), ERRNO.badf);
	assert.is(wasi.call("fd_write", 2, 0, 1, 64), 0);
	assert.equal(wasi.lines, ["err: hello"]);
});

test("there are no directories, files and sockets", () => {
	const wasi = createWasi();
	for (const { name, signature } of PREVIEW1_IMPORTS) {
		if (!/^(?:path|sock|fd)_/.test(name) || name === "path_symlink") continue;
		const rest = [...signature.slice(1, signature.indexOf(">"))].map((letter) => (letter === "I" ? 0n : 0));
		assert.is(wasi.call(name, 3, ...rest), ERRNO.badf, name);
		assert.is(wasi.call(name, -1, ...rest), ERRNO.badf, name);
		if (name.startsWith("path_")) assert.is(wasi.call(name, 0, ...rest), ERRNO.notdir, name);
		if (name.startsWith("sock_")) assert.is(wasi.call(name, 0, ...rest), ERRNO.notsock, name);
	}
	assert.is(wasi.call("path_symlink", 0, 0, 3, 0, 0), ERRNO.badf);
	assert.is(wasi.call("path_symlink", 0, 0, 1, 0, 0), ERRNO.notdir);
	assert.is(wasi.call("fd_prestat_get", 3, 0), ERRNO.badf);
});

test("random numbers fill the place, and no more of it than a megabyte", () => {
	const wasi = createWasi();
	assert.is(wasi.call("random_get", 32, 32), 0);
	const bytes = new Uint8Array(wasi.memory.buffer);
	assert.ok(bytes.subarray(32, 64).some((byte) => byte !== 0));
	assert.not.ok(bytes.subarray(64, 96).some((byte) => byte !== 0));
	assert.is(wasi.call("random_get", 0, 1_048_577), ERRNO.inval);
	assert.is(wasi.call("random_get", 0, -1), ERRNO.inval);
	assert.is(wasi.call("random_get", PAGE - 1, 2), ERRNO.fault);
	assert.is(wasi.call("random_get", PAGE, 0), 0);
});

test("an exit ends the guest: every later call traps", () => {
	const wasi = createWasi();
	assert.throws(
		() => wasi.call("proc_exit", -1),
		(thrown: unknown) => thrown instanceof GuestExit && thrown.status === 4_294_967_295,
	);
	assert.is(wasi.guest.ended, "the guest has exited");
	for (const name of ["sched_yield", "fd_close"])
		assert.throws(
			() => wasi.call(name, 0),
			(thrown: unknown) => thrown instanceof Trap,
		);
});

test("signals are not offered, and a yield returns", () => {
	const wasi = createWasi();
	assert.is(wasi.call("proc_raise", 6), ERRNO.nosys);
	assert.is(wasi.call("sched_yield"), 0);
});

/** Writes a subscription. */
function subscribe(
	wasi: Wasi,
	at: number,
	userdata: bigint,
	kind: number,
	fields: { id?: number; timeout?: bigint; flags?: number },
): void {
	new Uint8Array(wasi.memory.buffer, at, 48).fill(0);
	wasi.view.setBigUint64(at, userdata, true);
	wasi.view.setUint8(at + 8, kind);
	wasi.view.setUint32(at + 16, fields.id ?? 0, true);
	wasi.view.setBigUint64(at + 24, fields.timeout ?? 0n, true);
	wasi.view.setUint16(at + 40, fields.flags ?? 0, true);
}

/** Returns the events that a poll has written at address 1024. */
function events({ view }: Wasi): unknown[] {
	return Array.from({ length: view.getUint32(4_000, true) }, (_, index) => {
		const at = 1_024 + index * 32;
		return [view.getBigUint64(at, true), view.getUint16(at + 8, true), view.getUint8(at + 10), view.getUint16(at + 24, true)];
	});
}

test("a poll waits for the first clock, and gives the event loop a turn", async () => {
	const wasi = createWasi();
	subscribe(wasi, 0, 11n, 0, { id: 1, timeout: 5_000_000n });
	subscribe(wasi, 48, 12n, 0, { id: 0, timeout: 3_600_000_000_000n });
	const before = process.hrtime.bigint();
	assert.is(await wasi.call("poll_oneoff", 0, 1_024, 2, 4_000), 0);
	assert.ok(process.hrtime.bigint() - before >= 5_000_000n);
	assert.equal(events(wasi), [[11n, 0, 0, 0]]);
	let turns = 0;
	setImmediate(() => (turns += 1));
	subscribe(wasi, 0, 13n, 0, { id: 0, timeout: 1n, flags: 1 });
	assert.is(await wasi.call("poll_oneoff", 0, 1_024, 1, 4_000), 0);
	assert.equal(events(wasi), [[13n, 0, 0, 0]]);
	assert.is(turns, 1);
});

test("a poll for descriptors is ready at once, and tells of those that are not open", async () => {
	const wasi = createWasi();
	subscribe(wasi, 0, 1n, 1, { id: 0 });
	subscribe(wasi, 48, 2n, 2, { id: 1 });
	subscribe(wasi, 96, 3n, 1, { id: 1 });
	subscribe(wasi, 144, 4n, 2, { id: 9 });
	subscribe(wasi, 192, 5n, 0, { id: 1, timeout: 2n ** 64n - 1n });
	subscribe(wasi, 240, 6n, 7, {});
	subscribe(wasi, 288, 7n, 0, { id: 9 });
	assert.is(await wasi.call("poll_oneoff", 0, 1_024, 7, 4_000), 0);
	assert.equal(events(wasi), [
		[1n, 0, 1, 1],
		[2n, 0, 2, 0],
		[3n, ERRNO.badf, 1, 0],
		[4n, ERRNO.badf, 2, 0],
		[6n, ERRNO.inval, 7, 0],
		[7n, ERRNO.inval, 0, 0],
	]);
});

test("a poll without subscriptions, with too many, or outside the memory is an errno", async () => {
	const wasi = createWasi();
	subscribe(wasi, 0, 1n, 1, { id: 0 });
	assert.is(await wasi.call("poll_oneoff", 0, 1_024, 0, 4_000), ERRNO.inval);
	assert.is(await wasi.call("poll_oneoff", 0, 1_024, 1_025, 4_000), ERRNO.inval);
	assert.is(await wasi.call("poll_oneoff", PAGE - 47, 1_024, 1, 4_000), ERRNO.fault);
	assert.is(await wasi.call("poll_oneoff", 0, PAGE - 31, 1, 4_000), ERRNO.fault);
	assert.is(await wasi.call("poll_oneoff", 0, 1_024, 1, PAGE - 3), ERRNO.fault);
});

test("no pointer, length or number of a guest makes a call throw", async () => {
	const value = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(0, 1, 2, 3, 8, PAGE - 8, PAGE - 1, PAGE, -1));
	const long = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(0n, 1n, -1n));
	const wasi = createWasi();
	// A clock whose time is out of reach would wait.
	const calls = PREVIEW1_IMPORTS.filter(({ name }) => name !== "proc_exit" && name !== "poll_oneoff").map(({ name, signature }) =>
		fc.tuple(
			fc.constant(name),
			fc.tuple(...[...signature.slice(0, signature.indexOf(">"))].map((letter) => (letter === "I" ? long : value))),
		),
	);
	fc.assert(
		fc.property(fc.oneof(...calls), ([name, parameters]) => {
			const errno = wasi.call(name, ...parameters);
			assert.ok(Object.values(ERRNO).includes(errno as never), `${name} answered ${errno}`);
		}),
		{ numRuns: isFullRun ? 200_000 : 20_000 },
	);
	assert.equal(wasi.faults, []);
});

test("a fault of the host's own code is reported, and the guest gets the errno io", () => {
	const wasi = createWasi({
		cpuMs() {
			throw new Error("no clock");
		},
	});
	assert.is(wasi.call("clock_time_get", 2, 0n, 16), ERRNO.io);
	assert.equal(wasi.faults, ["wasi_snapshot_preview1.clock_time_get: Error: no clock"]);
});

test.run();
