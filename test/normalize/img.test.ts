import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as img from "../../generated/ir/img.ts";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { normalizeImg } from "../../src/normalize/img.ts";
import type { MediaAdmission } from "../../src/normalize/request-media.ts";

const inline = (name: string): types.MediaRef => ({ type: "inline", inline: { data: Buffer.from(name), mime_type: "image/png" } });
const stored = (id: string): types.MediaRef => ({ type: "stored", stored: `sms+file://${id}` });

/** Admits every reference. The stored reference names the path that it was admitted with. */
const media: MediaAdmission = { admit: async (_reference, path) => stored(path), seconds: async () => undefined };

async function fault(payload: img.Request): Promise<string> {
	try {
		await normalizeImg(payload, media);
	} catch (error) {
		assert.ok(error instanceof SpearError && error.code === "invalid_request");
		return error.message;
	}
	throw new Error("the request should have been refused");
}

test("a generation or an edit is refused without a prompt", async () => {
	const edit: img.Task = { type: "edit", edit: { images: [inline("a")] } };
	assert.is(await fault({ task: { type: "generate" } }), "prompt: is required to generate an image");
	assert.is(await fault({ task: { type: "generate" }, prompt: " \n" }), "prompt: is required to generate an image");
	assert.is(await fault({ task: edit }), "prompt: is required to edit an image");
});

test("a variation is refused with a prompt", async () => {
	const payload: img.Request = { task: { type: "variation", variation: inline("a") }, prompt: "a cat" };
	assert.is(await fault(payload), "prompt: is not allowed for a variation; use an edit instead");
});

test("a transparent background is refused for JPEG", async () => {
	const payload: img.Request = { task: { type: "generate" }, prompt: "a cat", background: "transparent" };
	assert.is(await fault({ ...payload, format: "jpeg" }), "background: JPEG has no transparency; use the format png or webp");
	for (const format of ["png", "webp"] as const) assert.equal(await normalizeImg({ ...payload, format }, media), { ...payload, format });
});

test("every image of an edit and its mask are admitted with their own paths", async () => {
	const task: img.Task = { type: "edit", edit: { images: [inline("a"), inline("b")], mask: inline("m") } };
	assert.equal(await normalizeImg({ task, prompt: "a cat", n: 2 }, media), {
		task: {
			type: "edit",
			edit: { images: [stored("task.edit.images[0]"), stored("task.edit.images[1]")], mask: stored("task.edit.mask") },
		},
		prompt: "a cat",
		n: 2,
	});
});

test("the image of a variation is admitted with its path", async () => {
	assert.equal(await normalizeImg({ task: { type: "variation", variation: inline("a") } }, media), {
		task: { type: "variation", variation: stored("task.variation") },
	});
});

test("a request is refused when the store refuses one of its media", async () => {
	const refused = new SpearError("not_permitted", "task.edit.mask: no");
	const strict: MediaAdmission = {
		admit: (reference, path) => (path === "task.edit.mask" ? Promise.reject(refused) : Promise.resolve(reference)),
		seconds: async () => undefined,
	};
	const task: img.Task = { type: "edit", edit: { images: [inline("a")], mask: inline("m") } };
	const [result] = await Promise.allSettled([normalizeImg({ task, prompt: "a cat" }, strict)]);
	assert.is(result?.status === "rejected" && result.reason, refused);
});

test.run();
