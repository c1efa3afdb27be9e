"""The hub as a program in Python sees it, with paho-mqtt 1.6 or 2 (Debian: python3-paho-mqtt).

    python3 from-python.py TRANSPORT PORT VERSION      e.g. tcp 1883 5

Prints "ok WHAT" for each thing that works, and ends with 1 at the first that does not.
"""

import queue
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

TRANSPORT, PORT, VERSION = sys.argv[1], int(sys.argv[2]), sys.argv[3]
V5 = VERSION == "5"
NAME = f"python-{VERSION}-{TRANSPORT}"
TIMEOUT = 20


class Peer:
    """A client that keeps what it gets, and can be waited for."""

    def __init__(self, name, clean=True, expiry=0, will=None):
        self.inbox = queue.Queue()
        self._answers = queue.Queue()
        self._published = {}
        self._change = threading.Condition()
        args = [mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, "CallbackAPIVersion") else []
        more = {} if V5 else {"clean_session": clean}
        self.client = mqtt.Client(
            *args,
            client_id=f"{NAME}-{name}",
            protocol=mqtt.MQTTv5 if V5 else mqtt.MQTTv311,
            transport="websockets" if TRANSPORT == "ws" else "tcp",
            **more,
        )
        if TRANSPORT == "ws":
            self.client.ws_set_options(path="/mqtt")
        if will:
            self.client.will_set(*will)
        self.client.on_connect = lambda c, u, flags, rc, *_: self._answers.put((flags, rc))
        self.client.on_subscribe = lambda c, u, mid, codes, *_: self._answers.put(codes)
        self.client.on_message = lambda c, u, message: self.inbox.put(
            (message.topic, message.payload.decode(), message.qos, bool(message.retain))
        )
        settings = {}
        if V5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = expiry
            settings = {"clean_start": clean, "properties": properties}
        self.client.connect("127.0.0.1", PORT, 30, **settings)
        self.client.loop_start()
        flags, code = self._answers.get(timeout=TIMEOUT)
        equal(int(getattr(code, "value", code)), 0, "CONNACK")
        self.session_present = bool(flags["session present"])

    def subscribe(self, topic, qos):
        self.client.subscribe(topic, qos)
        codes = [int(getattr(code, "value", code)) for code in self._answers.get(timeout=TIMEOUT)]
        equal(codes, [qos], f"SUBACK of {topic}")

    def publish(self, topic, payload, qos, retain=False):
        self.client.publish(topic, payload, qos, retain).wait_for_publish()

    def take(self, count):
        return [self.inbox.get(timeout=TIMEOUT) for _ in range(count)]

    def leave(self):
        self.client.disconnect()
        self.client.loop_stop()

    def die(self):
        """Goes without a word."""
        self.client._sock_close()
        self.client.loop_stop()


def equal(actual, expected, what):
    if actual != expected:
        sys.exit(f"{NAME}: {what}: {actual} instead of {expected}")


def every_qos():
    reads, writes = Peer("reads"), Peer("writes")
    for qos in range(3):
        topic = f"{NAME}/qos/{qos}"
        reads.subscribe(topic, qos)
        for sent in range(3):
            writes.publish(topic, str(sent), sent)
        expected = [(topic, str(sent), min(qos, sent), False) for sent in range(3)]
        equal(sorted(reads.take(3)), expected, f"QoS {qos}")
    reads.leave()
    writes.leave()


def retained():
    peer, topic = Peer("retained"), f"{NAME}/retained"
    peer.publish(topic, "kept", 1, retain=True)
    peer.subscribe(topic, 1)
    equal(peer.take(1), [(topic, "kept", 1, True)], "retained")
    peer.publish(topic, "", 1, retain=True)
    peer.leave()


def will():
    watches, topic = Peer("watches"), f"{NAME}/will"
    watches.subscribe(topic, 1)
    Peer("dies", will=(topic, "gone", 1, False)).die()
    equal(watches.take(1), [(topic, "gone", 1, False)], "will")
    watches.leave()


def session():
    topic = f"{NAME}/session"
    before = Peer("session", clean=False, expiry=60)
    before.subscribe(topic, 2)
    before.leave()
    writes = Peer("session-writes")
    writes.publish(topic, "1", 1)
    writes.publish(topic, "2", 2)
    after = Peer("session", clean=False, expiry=60)
    equal(after.session_present, True, "session present")
    equal(after.take(2), [(topic, "1", 1, False), (topic, "2", 2, False)], "session")
    after.leave()
    writes.leave()


def shared():
    members, count = [Peer("member-1"), Peer("member-2")], 20
    for member in members:
        member.subscribe(f"$share/g/{NAME}/jobs", 1)
    writes = Peer("shared-writes")
    for number in range(count):
        writes.publish(f"{NAME}/jobs", str(number), 1)
    writes.subscribe(f"{NAME}/end", 0)
    first = [members[0].take(1)[0], members[1].take(1)[0]]
    rest = []
    while len(first) + len(rest) < count:
        for member in members:
            try:
                rest.append(member.inbox.get(timeout=0.1))
            except queue.Empty:
                pass
    numbers = sorted(int(payload) for _, payload, _, _ in first + rest)
    equal(numbers, list(range(count)), "shared")
    for peer in [*members, writes]:
        peer.leave()


for step in [every_qos, retained, will, session, shared]:
    step()
    print("ok", step.__name__, flush=True)
