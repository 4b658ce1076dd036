import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { boundaryOf, isMultipartForm } from "../../../src/serve/multipart/boundary.ts";
import { type MultipartLimits, MultipartReader } from "../../../src/serve/multipart/multipart-reader.ts";
import { MultipartBody } from "../../../src/transport/http/multipart.ts";
import { assertLinear } from "../../helpers/growth.ts";

const LIMITS: MultipartLimits = { maxParts: 100, maxHeaderBytes: 8192, maxBytes: 1 << 30 };
const ERRORS = {
	malformed: (what: string) => new Error(`malformed: ${what}`),
	tooLarge: (what: string) => new Error(`too large: ${what}`),
};

interface Read {
	readonly name: string;
	readonly filename?: string;
	readonly contentType?: string;
	readonly bytes: Buffer;
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(body: AsyncIterable<Uint8Array>, boundary: string, limits: Partial<MultipartLimits> = {}): Promise<Read[]> {
	const reader = new MultipartReader(body, boundary, { ...LIMITS, ...limits }, ERRORS);
	const parts: Read[] = [];
	for (let part = await reader.next(); part !== undefined; part = await reader.next()) {
		const { name, filename, contentType } = part;
		const bytes = Buffer.concat(await Array.fromAsync(part.content()));
		parts.push({ name, ...(filename === undefined ? {} : { filename }), ...(contentType === undefined ? {} : { contentType }), bytes });
	}
	return parts;
}

function read(text: string, limits: Partial<MultipartLimits> = {}, size = 7): Promise<Read[]> {
	return readAll(chunksOf(Buffer.from(text, "latin1"), size), "B", limits);
}

async function refusal(reading: Promise<unknown>): Promise<string> {
	try {
		await reading;
	} catch (thrown) {
		return thrown instanceof Error ? thrown.message : String(thrown);
	}
	return "nothing was refused";
}

const field = (name: string, value: string) => `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

test("a form of undici's encoder is read part by part", async () => {
	const form = new FormData();
	form.append("model", "whisper-1");
	form.append('na"me\r\n', "line\r\n--line");
	form.append("file", new File([Buffer.from([0, 13, 10, 45, 45, 255])], 'späch "1".wav', { type: "audio/wav" }));
	form.append("empty", "");
	const request = new Request("http://127.0.0.1/", { method: "POST", body: form });
	const contentType = request.headers.get("content-type") ?? "";
	assert.ok(isMultipartForm(contentType));
	const parts = await readAll(chunksOf(new Uint8Array(await request.arrayBuffer()), 5), boundaryOf(contentType) ?? "");
	assert.equal(parts, [
		{ name: "model", bytes: Buffer.from("whisper-1") },
		{ name: "na%22me%0D%0A", bytes: Buffer.from("line\r\n--line") },
		{ name: "file", filename: "späch %221%22.wav", contentType: "audio/wav", bytes: Buffer.from([0, 13, 10, 45, 45, 255]) },
		{ name: "empty", bytes: Buffer.from("") },
	]);
});

test("any form is read back, however its bytes are cut", async () => {
	const part = fc.record({ value: fc.uint8Array({ maxLength: 200 }), file: fc.boolean() });
	// Bytes that look like delimiters.
	const tricky = fc.array(fc.constantFrom("\r", "\n", "-", "--", "\r\n--", "\r\n--bound", "\r\n--boundar", "x"), { maxLength: 30 });
	await fc.assert(
		fc.asyncProperty(fc.array(part, { maxLength: 6 }), tricky, fc.integer({ min: 1, max: 64 }), async (parts, noise, size) => {
			const values = [...parts.map(({ value }) => value), Buffer.from(noise.join(""))];
			const body = new MultipartBody(
				values.map((value, index) => ({
					name: `p${index}`,
					filename: "f",
					contentType: "audio/wav",
					async *content() {
						yield value;
					},
				})),
				"boundary",
			);
			const bytes = Buffer.concat(await Array.fromAsync(body));
			const got = await readAll(chunksOf(bytes, size), "boundary");
			assert.equal(
				got.map(({ bytes: content }) => content.toString("latin1")),
				values.map((value) => Buffer.from(value).toString("latin1")),
			);
		}),
	);
});

test("a preamble, padding after the boundary, an epilogue and unknown headers are ignored", async () => {
	const head = '--B \t\r\nX-Other: 1\r\ncontent-disposition:form-data;name=plain; filename="a\\"b\\\\c"\r\n\r\n';
	assert.equal(await read(`hello\r\n${head}x\r\n--B--\r\nbye`), [{ name: "plain", filename: 'a"b\\c', bytes: Buffer.from("x") }]);
});

test("a form without parts, and a part without content, are read", async () => {
	assert.equal(await read("--B--"), []);
	assert.equal(await read(`${field("a", "")}--B--\r\n`), [{ name: "a", bytes: Buffer.from("") }]);
});

test("the rest of a part that is left early is skipped", async () => {
	const reader = new MultipartReader(
		chunksOf(Buffer.from(`${field("a", "x".repeat(99))}${field("b", "y")}--B--`), 10),
		"B",
		LIMITS,
		ERRORS,
	);
	const first = await reader.next();
	for await (const _ of first?.content() ?? []) break;
	const second = await reader.next();
	assert.is(second?.name, "b");
	assert.is(Buffer.concat(await Array.fromAsync(second?.content() ?? [])).toString(), "y");
	assert.is(await reader.next(), undefined);
});

for (const [name, body, message] of [
	["another boundary", "--C\r\n\r\nx\r\n--C--", "malformed: the body ends within a part of the form"],
	["nothing", "", "malformed: the body ends within a part of the form"],
	["a cut head", field("a", "x").slice(0, 20), "malformed: the body ends within the headers of a part"],
	["a cut content", field("a", "x").slice(0, -2), "malformed: the body ends within a part of the form"],
	["a cut boundary line", "--B\r", "malformed: the body ends within a line with the boundary"],
	["a longer boundary", "--BB\r\n\r\nx\r\n--B--", "malformed: a line with the boundary goes on after the boundary"],
	["no disposition", "--B\r\n\r\nx\r\n--B--", "malformed: a part has no header content-disposition"],
	[
		"two dispositions",
		'--B\r\nContent-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"\r\n\r\nx\r\n--B--',
		"malformed: a part has the header content-disposition twice",
	],
	[
		"another disposition",
		'--B\r\nContent-Disposition: attachment; name="a"\r\n\r\nx\r\n--B--',
		"malformed: a part has another content-disposition than form-data",
	],
	["no name", '--B\r\nContent-Disposition: form-data; filename="a"\r\n\r\nx\r\n--B--', "malformed: a part has no name"],
	["an open quote", '--B\r\nContent-Disposition: form-data; name="a\r\n\r\nx\r\n--B--', "malformed: a part has no name"],
	[
		"a folded header",
		'--B\r\nContent-Disposition: form-data;\r\n name="a"\r\n\r\nx\r\n--B--',
		"malformed: a part has a header without a name",
	],
	[
		"base64",
		'--B\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--B--',
		"malformed: a part has a content-transfer-encoding; send its bytes as they are",
	],
	[
		"nested parts",
		'--B\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\nx\r\n--B--',
		"malformed: a part holds parts of its own; send every file as a part of the form",
	],
	["a long preamble", `${"x".repeat(9000)}\r\n--B--`, "malformed: the body does not begin with its boundary"],
	["an endless epilogue", `--B--${"x".repeat(70_000)}`, "malformed: the body goes on after the last part"],
	["endless headers", `--B\r\nX: ${"x".repeat(9000)}`, "too large: the headers of a part have more than 8192 bytes"],
	["many parts", `${field("a", "x").repeat(101)}--B--`, "too large: the form has more than 100 parts"],
] as const) {
	test(`a body with ${name} is refused`, async () => {
		for (const size of [1, 7, 100_000]) assert.is(await refusal(read(body, {}, size)), message);
	});
}

test("a body beyond its bound is refused before the rest is read", async () => {
	let read = 0;
	const endless = async function* () {
		yield Buffer.from('--B\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n');
		for (;;) {
			read += 1;
			yield Buffer.alloc(1000);
		}
	};
	assert.is(await refusal(readAll(endless(), "B", { maxBytes: 10_000 })), "too large: the body has more than 10000 bytes");
	assert.is(read, 10);
});

test("closing a reader releases the body", async () => {
	let released = false;
	const body = async function* () {
		try {
			for (;;) yield Buffer.from(field("a", "x"));
		} finally {
			released = true;
		}
	};
	const reader = new MultipartReader(body(), "B", LIMITS, ERRORS);
	await reader.next();
	await reader.close();
	assert.ok(released);
});

for (const [name, make] of [
	["content in chunks of one byte", (size: number) => [`${field("a", "x".repeat(size))}--B--`, 1]],
	["content of false delimiters", (size: number) => [`${field("a", "\r\n--\r\n-".repeat(size / 8))}--B--`, 3]],
	["headers in chunks of one byte", (size: number) => [`--B\r\nX: ${"x".repeat(size)}`, 1]],
	[
		"quotes and semicolons in a header",
		(size: number) => [`--B\r\nContent-Disposition: form-data; ${'a="\\";'.repeat(size / 6)}\r\n\r\n`, 4096],
	],
	["many parts", (size: number) => [`${field("a", "x").repeat(size / 50)}--B--`, 512]],
] as const) {
	test(`reading ${name} takes linear time`, async () => {
		await assertLinear({
			name,
			make,
			run: ([text, size]: [string, number]) => read(text, { maxHeaderBytes: 1 << 30, maxParts: 1 << 30 }, size),
		});
	});
}

for (const [header, boundary] of [
	["multipart/form-data; boundary=abc", "abc"],
	['Multipart/Form-Data; charset=utf-8; Boundary="a b"', "a b"],
	["multipart/form-data", undefined],
	["multipart/form-data; boundary=", undefined],
	["multipart/form-data; boundary=a; boundary=b", undefined],
	[`multipart/form-data; boundary=${"x".repeat(71)}`, undefined],
	['multipart/form-data; boundary="a', undefined],
	['multipart/form-data; boundary="ä"', undefined],
] as const) {
	test(`the boundary of ${header.slice(0, 60)} is ${boundary}`, () => {
		assert.is(boundaryOf(header), boundary);
	});
}

test.run();
