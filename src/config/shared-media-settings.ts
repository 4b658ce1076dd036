import { resolve } from "node:path";
import type { MediaConfig, MediaS3Config } from "../../generated/ir/config.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import type { Faults } from "./faults.ts";
import { secretName } from "./secret-name.ts";

/** Place of the contents of media that hosts share. */
export type SharedMediaSettings =
	| {
			readonly kind: "directory";
			/** Absolute path. */
			readonly dir: string;
	  }
	| { readonly kind: "redis" }
	| {
			readonly kind: "s3";
			readonly endpoint: string;
			readonly bucket: string;
			readonly region: string;
			readonly prefix: string;
			readonly pathStyle: boolean;
			/** Name of the variable, or absolute path of the file, with the id of the access key. */
			readonly accessKeyName: string;
			/** Name of the variable, or absolute path of the file, with the secret key. */
			readonly secretKeyName: string;
	  };

/** Returns the place of shared media with every default filled in; `undefined` for media of each host alone. */
export function sharedMediaSettings(
	config: MediaConfig | undefined,
	cluster: ClusterSettings | undefined,
	faults: Faults,
): SharedMediaSettings | undefined {
	const { shared, dir, s3 } = config ?? {};
	if (s3 !== undefined && shared !== "s3") faults.add(["media", "s3"], 'is for shared = "s3" alone; add shared = "s3" to [media]');
	if (shared === undefined) return undefined;
	const path = ["media", "shared"];
	if (cluster === undefined) {
		faults.add(path, "hosts share media by the store of [cluster]; add [cluster] with its url");
		return undefined;
	}
	if (shared !== "directory" && dir !== undefined)
		faults.add(["media", "dir"], `is for a host alone or for shared = "directory"; remove dir, because media are shared by ${shared}`);
	switch (shared) {
		case "directory":
			if (dir === undefined) faults.add(path, "needs a directory that all hosts see; add dir to [media]");
			return { kind: "directory", dir: resolve(dir ?? ".") };
		case "redis":
			if (cluster.content === "none")
				faults.add(
					path,
					'the shared store may hold no contents; set content = "sealed" with content_key_env in [cluster], or use "directory" or "s3"',
				);
			return { kind: "redis" };
		case "s3":
			if (s3 === undefined) {
				faults.add(path, "needs a bucket; add [media.s3] with endpoint and bucket");
				return undefined;
			}
			return bucketSettings(s3, cluster, faults);
	}
}

function bucketSettings(config: MediaS3Config, cluster: ClusterSettings, faults: Faults): SharedMediaSettings {
	const key = (member: "access_key" | "secret_key", env: string | undefined, file: string | undefined): string => {
		const name = secretName(env, file, ["media", "s3", member], faults);
		if (name === undefined) faults.add(["media", "s3"], `needs ${member}_env or ${member}_file`);
		return name ?? "";
	};
	checkEndpoint(config.endpoint, faults);
	return {
		kind: "s3",
		endpoint: config.endpoint,
		bucket: config.bucket,
		region: config.region ?? "us-east-1",
		prefix: config.prefix ?? cluster.prefix,
		pathStyle: config.path_style ?? true,
		accessKeyName: key("access_key", config.access_key_env, config.access_key_file),
		secretKeyName: key("secret_key", config.secret_key_env, config.secret_key_file),
	};
}

function checkEndpoint(text: string, faults: Faults): void {
	const url = URL.parse(text);
	const isHttp = url !== null && (url.protocol === "http:" || url.protocol === "https:");
	const isPlain = isHttp && url.username === "" && url.password === "" && url.pathname === "/" && url.search === "" && url.hash === "";
	if (!isPlain)
		faults.add(
			["media", "s3", "endpoint"],
			"must be an address as https://s3.example.com, without a path, user and bucket; name the bucket by bucket",
		);
}
