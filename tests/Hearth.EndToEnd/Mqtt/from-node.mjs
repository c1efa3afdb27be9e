// The hub as a program in Node.js sees it, with `mqtt` from npm.
//   node from-node.mjs URL VERSION     e.g. mqtt://127.0.0.1:1883 5
// Prints "ok WHAT" for each thing that works, and ends with 1 at the first that does not.
import mqtt from "mqtt";

const [url, version] = process.argv.slice(2);
const v5 = version === "5";
const name = `node-${version}-${new URL(url).protocol.replace(":", "")}`;
const TIMEOUT = 20_000;

/** A client that keeps what it gets, and can be waited for. */
async function connect(id, { expiry = 0, clean = true, will } = {}) {
  const client = await mqtt.connectAsync(url, {
    clientId: `${name}-${id}`,
    protocolVersion: Number(version),
    clean,
    reconnectPeriod: 0,
    connectTimeout: TIMEOUT,
    will,
    properties: v5 ? { sessionExpiryInterval: expiry, topicAliasMaximum: 5 } : undefined,
  });
  client.on("error", fail);
  return client;
}

/** Says goodbye; an acknowledgement that comes too late for it is no fault. */
async function leave(client) {
  client.off("error", fail);
  client.on("error", () => {});
  await client.endAsync();
}

function fail(reason) {
  console.error(`${name}:`, reason);
  process.exit(1);
}

function equal(actual, expected, what) {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) fail(`${what}: ${got} instead of ${wanted}`);
}

/** The next so many messages of a client. */
function take(client, count, what) {
  return new Promise((resolve) => {
    const got = [];
    const late = setTimeout(() => fail(`${what}: only ${JSON.stringify(got)}`), TIMEOUT);
    const onMessage = (topic, payload, packet) => {
      got.push([topic, payload.toString(), packet.qos, packet.retain]);
      if (got.length === count) {
        clearTimeout(late);
        client.off("message", onMessage);
        resolve(got);
      }
    };
    client.on("message", onMessage);
  });
}

async function everyQos() {
  const [reads, writes] = [await connect("reads"), await connect("writes")];
  for (const qos of [0, 1, 2]) {
    await reads.subscribeAsync(`${name}/qos/${qos}`, { qos });
    const got = take(reads, 3, `QoS ${qos}`);
    for (const sent of [0, 1, 2]) {
      await writes.publishAsync(`${name}/qos/${qos}`, `${sent}`, { qos: sent });
    }
    equal(
      (await got).sort(),
      [0, 1, 2].map((sent) => [`${name}/qos/${qos}`, `${sent}`, Math.min(qos, sent), false]),
      `QoS ${qos}`,
    );
  }
  await leave(reads);
  await leave(writes);
}

async function retained() {
  const client = await connect("retained");
  const topic = `${name}/retained`;
  await client.publishAsync(topic, "kept", { qos: 1, retain: true });
  const got = take(client, 1, "retained");
  await client.subscribeAsync(topic, { qos: 1 });
  equal(await got, [[topic, "kept", 1, true]], "retained");
  await client.publishAsync(topic, "", { qos: 1, retain: true });
  await leave(client);
}

async function will() {
  const watches = await connect("watches");
  await watches.subscribeAsync(`${name}/will`, { qos: 1 });
  const got = take(watches, 1, "will");
  const dies = await connect("dies", {
    will: { topic: `${name}/will`, payload: Buffer.from("gone"), qos: 1, retain: false },
  });
  dies.stream.destroy();
  equal(await got, [[`${name}/will`, "gone", 1, false]], "will");
  await leave(watches);
}

async function session() {
  const topic = `${name}/session`;
  const stays = { clean: false, expiry: 60 };
  const before = await connect("session", stays);
  await before.subscribeAsync(topic, { qos: 2 });
  await leave(before);
  const writes = await connect("session-writes");
  for (const qos of [1, 2]) await writes.publishAsync(topic, `${qos}`, { qos });
  const after = mqtt.connect(url, {
    clientId: `${name}-session`,
    protocolVersion: Number(version),
    clean: false,
    reconnectPeriod: 0,
    properties: v5 ? { sessionExpiryInterval: 60 } : undefined,
  });
  const got = take(after, 2, "session");
  const connAck = await new Promise((resolve) => after.once("connect", resolve));
  equal(connAck.sessionPresent, true, "session present");
  equal(await got, [[topic, "1", 1, false], [topic, "2", 2, false]], "session");
  await leave(after);
  await leave(writes);
}

async function shared() {
  const count = 20;
  const members = [await connect("member-1"), await connect("member-2")];
  const got = [];
  const all = new Promise((resolve) => {
    const late = setTimeout(() => fail(`shared: only ${got}`), TIMEOUT);
    for (const [index, member] of members.entries()) {
      member.on("message", (_, payload) => {
        got.push([Number(payload.toString()), index]);
        if (got.length === count) {
          clearTimeout(late);
          resolve();
        }
      });
    }
  });
  for (const member of members) await member.subscribeAsync(`$share/g/${name}/jobs`, { qos: 1 });
  const writes = await connect("shared-writes");
  for (let i = 0; i < count; i++) await writes.publishAsync(`${name}/jobs`, `${i}`, { qos: 1 });
  await all;
  const numbers = got.map(([number]) => number).sort((a, b) => a - b);
  equal(numbers, [...Array(count).keys()], "shared");
  equal(new Set(got.map(([, index]) => index)).size, 2, "members that got some");
  for (const client of [...members, writes]) await leave(client);
}

for (const step of [everyQos, retained, will, session, shared]) {
  await step();
  console.log(`ok ${step.name}`);
}
