import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { resolve } from "node:path";
import type { ClusterConfig, UnreachableConfig } from "../../generated/ir/config.ts";
import type { Faults } from "./faults.ts";
import { secretName } from "./secret-name.ts";

/** Settings of several hosts as one system. */
export interface ClusterSettings {
	/** `redis:` or `rediss:`, without user and password. */
	readonly url: string;
	readonly sentinels: { readonly addresses: readonly string[]; readonly name: string } | undefined;
	readonly user: string | undefined;
	/** Name of the variable, or absolute path of the file, with the password. Absent: there is none. */
	readonly passwordName: string | undefined;
	/** Absolute path. Absent: the authorities of Node. */
	readonly caFile: string | undefined;
	readonly prefix: string;
	/** Name of this host. `undefined` for a name that the host makes. */
	readonly host: string | undefined;
	readonly timeoutMs: number;
	readonly content: "none" | "sealed" | "plain";
	/** Name of the variable, or absolute path of the file, with the secret of sealed contents. */
	readonly contentKeyName: string | undefined;
	readonly replicas: number;
	/** Policies for limits while the store cannot be used. */
	readonly unreachable: Readonly<Required<UnreachableConfig>>;
}

/** Returns `[cluster]` with every default filled in; `undefined` for a host alone. */
export function clusterSettings(config: ClusterConfig | undefined, faults: Faults): ClusterSettings | undefined {
	if (config === undefined) return undefined;
	const content = config.content ?? "none";
	const contentKeyName = secretName(config.content_key_env, config.content_key_file, ["cluster", "content_key"], faults);
	if (content === "sealed" && contentKeyName === undefined)
		faults.add(["cluster", "content"], "sealed contents need a secret that the hosts share; add content_key_env or content_key_file");
	if (content !== "sealed" && contentKeyName !== undefined)
		faults.add(["cluster", "content"], `a secret for sealed contents is named, and content is "${content}"; write content = "sealed"`);
	return {
		url: checkedUrl(config.url, faults),
		sentinels: sentinels(config, faults),
		user: config.user,
		passwordName: secretName(config.password_env, config.password_file, ["cluster", "password"], faults),
		caFile: config.ca_file === undefined ? undefined : resolve(config.ca_file),
		prefix: config.prefix ?? "spear",
		host: config.host,
		timeoutMs: config.timeout_ms ?? 1_000,
		content,
		contentKeyName,
		replicas: config.replicas ?? 0,
		unreachable: {
			requests: config.unreachable?.requests ?? "local_share",
			tokens: config.unreachable?.tokens ?? "local_share",
			money: config.unreachable?.money ?? "local_share",
			concurrency: config.unreachable?.concurrency ?? "local_share",
		},
	};
}

/** Returns a name for this host: that of the machine, and random digits, because several hosts may run there. */
export function madeHostName(): string {
	const machine = hostname()
		.replaceAll(/[^A-Za-z0-9._-]/g, "")
		.slice(0, 40);
	return `${/^[A-Za-z0-9]/.test(machine) ? machine : "host"}-${randomBytes(4).toString("hex")}`;
}

function checkedUrl(text: string, faults: Faults): string {
	const path = ["cluster", "url"];
	const url = URL.parse(text);
	if (url === null || (url.protocol !== "redis:" && url.protocol !== "rediss:") || url.hostname === "") {
		faults.add(path, "must be an address as redis://host:6379, or rediss://host:6379 for TLS");
		return text;
	}
	if (url.username !== "" || url.password !== "")
		faults.add(path, "must hold neither user nor password; name them by user and password_env");
	if (!/^\/?\d{0,4}$/.test(url.pathname) || url.search !== "" || url.hash !== "")
		faults.add(path, "after the port stands nothing but the number of a database, as in redis://host:6379/2");
	return text;
}

function sentinels({ sentinels: addresses, sentinel_name }: ClusterConfig, faults: Faults): ClusterSettings["sentinels"] {
	if (addresses === undefined) {
		if (sentinel_name !== undefined) faults.add(["cluster", "sentinel_name"], "names a server for sentinels; add sentinels");
		return undefined;
	}
	for (const [index, address] of addresses.entries()) {
		const url = URL.parse(`redis://${address}`);
		const isAddress = url !== null && url.hostname !== "" && url.username === "" && url.pathname === "" && url.search === "";
		if (!isAddress) faults.add(["cluster", "sentinels", index], "must be an address as host:26379");
	}
	return { addresses, name: sentinel_name ?? "mymaster" };
}
