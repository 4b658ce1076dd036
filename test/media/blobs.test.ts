import { test } from "uvu";
import * as assert from "uvu/assert";
import { Blobs } from "../../src/media/blobs.ts";
import { MediaDirectory } from "../../src/media/directory.ts";
import { bytesOf, countFiles, freshDirectory } from "./media-fixture.ts";

test("content is on disk after an add that overlaps the release of its last object, in either order", async () => {
	const dir = freshDirectory();
	const directory = new MediaDirectory(dir);
	const blobs = new Blobs(directory);
	const written = async (): Promise<{ path: string; sha256: string }> => {
		const writer = await blobs.create();
		await writer.write(bytesOf(100));
		return { path: writer.path, sha256: await writer.finish(false) };
	};
	const [first, second, third] = [await written(), await written(), await written()];
	await blobs.add(first.path, first.sha256);
	await Promise.all([blobs.add(second.path, second.sha256), blobs.release(first.sha256)]);
	assert.is(countFiles(`${dir}/blobs`), 1);
	await Promise.all([blobs.release(second.sha256), blobs.add(third.path, third.sha256)]);
	const file = await blobs.open(third.sha256);
	assert.equal(new Uint8Array(await file.readFile()), bytesOf(100));
	await file.close();
	await blobs.release(third.sha256);
	assert.equal({ blobs: countFiles(`${dir}/blobs`), tmp: countFiles(`${dir}/tmp`) }, { blobs: 0, tmp: 0 });
	await directory.close();
});

test.run();
