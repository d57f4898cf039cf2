"""Writes the cases of onnx.backend.test to files, runs them through `weft run` and compares; see Tools/onnx-conformance."""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.loader import load_model_tests

KINDS = ["node", "simple", "pytorch-converted", "pytorch-operator"]
KEPT = {
    TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.INT8, TensorProto.INT16,
    TensorProto.INT32, TensorProto.INT64, TensorProto.UINT8, TensorProto.UINT16, TensorProto.UINT32, TensorProto.UINT64,
    TensorProto.BOOL,
}
# Random draws have no right answer; only shape and type are compared.
RANDOM = {"Bernoulli", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial"}
# Where the exact answer is 0, the expected values hold the rounding noise of float32: up to 1.9e-7, above the suite's atol.
NOISE = {"test_dft_inverse": 2e-7, "test_dft_inverse_opset19": 2e-7}


def element(info):
    return info.type.tensor_type.elem_type if info.type.WhichOneof("value") == "tensor_type" else None


def words(info):
    """The type of an input or output: `string`, `float8e4m3fn`, `sequence`, `optional`…"""
    kind = info.type.WhichOneof("value")
    return TensorProto.DataType.Name(element(info)).lower() if kind == "tensor_type" else kind.removesuffix("_type")


def operators(graph):
    for node in graph.node:
        yield node.op_type
        for attribute in node.attribute:
            for inner in [attribute.g] if attribute.HasField("g") else attribute.graphs:
                yield from operators(inner)


def array(value):
    if isinstance(value, TensorProto):
        return numpy_helper.to_array(value)
    return np.asarray(value)


def widened(model):
    """The model with bfloat16 inputs fed as float32 (.npy has no bfloat16) and cast by a node in front."""
    wide = onnx.ModelProto()
    wide.CopyFrom(model)
    constants = {i.name for i in wide.graph.initializer}
    casts = []
    for info in wide.graph.input:
        if element(info) == TensorProto.BFLOAT16 and info.name not in constants:
            casts.append(helper.make_node("Cast", [info.name + ".f32"], [info.name], to=TensorProto.BFLOAT16))
            info.name += ".f32"
            info.type.tensor_type.elem_type = TensorProto.FLOAT
    for node in reversed(casts):
        wide.graph.node.insert(0, node)
    return wide


def data_sets(case):
    if case.data_sets is not None:
        return case.data_sets
    sets = []
    model = onnx.load(os.path.join(case.model_dir, "model.onnx"))
    for folder in sorted(pathlib.Path(case.model_dir).glob("test_data_set_*")):
        values = []
        for kind in ["input", "output"]:
            files = sorted(folder.glob(f"{kind}_*.pb"), key=lambda p: int(p.stem.split("_")[1]))
            values.append([onnx.load_tensor(str(f)) for f in files])
        sets.append(tuple(values))
    return sets


def run(case, folder, weft):
    """`passed`, `wrong` or `refused`, and why."""
    model = case.model if case.model is not None else onnx.load(os.path.join(case.model_dir, "model.onnx"))
    constants = {i.name for i in model.graph.initializer}
    inputs = [i for i in model.graph.input if i.name not in constants]
    path = folder / "model.onnx"
    folder.mkdir(parents=True)
    onnx.save(widened(model), path)
    foreign = [words(i) for i in list(inputs) + list(model.graph.output) if element(i) not in KEPT]
    if foreign:
        done = subprocess.run([weft, "check", str(path)], capture_output=True, text=True, timeout=120)
        if done.returncode < 0:
            return "wrong", f"crashed with signal {-done.returncode}"
        return "refused", "of " + " and ".join(sorted(set(foreign)))
    for number, (given, expected) in enumerate(data_sets(case)):
        arguments = []
        for info, value in zip(inputs, given):
            value, name = array(value), info.name
            if element(info) == TensorProto.BFLOAT16:
                value, name = value.astype(ml_dtypes.bfloat16).astype(np.float32), name + ".f32"
            else:
                value = value.astype(helper.tensor_dtype_to_np_dtype(element(info)))
            file = folder / f"{number}.input{len(arguments)}.npy"
            np.save(file, value)
            arguments.append(f"{name}={file}")
        out = folder / f"out{number}"
        command = [weft, "run", str(path), *arguments, "--out", str(out), "--cache", "off", "--json", "--jobs", "1"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode < 0:
            return "wrong", f"crashed with signal {-done.returncode}"
        if done.returncode:
            lines = [line for line in (done.stdout + "\n" + done.stderr).splitlines() if "error" in line]
            return "refused", (lines or ["no message"])[0]
        for info, wanted in zip(model.graph.output, expected):
            name = re.sub(r"[/\x00-\x1f]", lambda m: f"%{ord(m.group()):02X}", info.name)
            file = out / f"{name}.npy"
            if not file.exists():
                return "wrong", f"output {info.name} was not written"
            difference = compare(np.load(file), array(wanted), element(info), case, model)
            if difference:
                return "wrong", f"{info.name}: {difference}"
    return "passed", ""


def compare(actual, wanted, code, case, model):
    wide = code == TensorProto.BFLOAT16
    dtype = np.dtype(np.float32) if wide else helper.tensor_dtype_to_np_dtype(code)
    wanted = wanted.astype(ml_dtypes.bfloat16).astype(np.float32) if wide else wanted.astype(dtype)
    if actual.dtype != dtype or actual.shape != wanted.shape:
        return f"{actual.dtype}{list(actual.shape)} instead of {dtype}{list(wanted.shape)}"
    if RANDOM & set(operators(model.graph)):
        return None
    try:
        np.testing.assert_allclose(actual, wanted, rtol=case.rtol, atol=max(case.atol, NOISE.get(case.name, 0)))
    except AssertionError as error:
        return " ".join(str(error).split())[:300]
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weft", required=True)
    parser.add_argument("--filter", default="")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep")
    parser.add_argument("--refused", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    cases = []
    for kind in KINDS:
        cases += [(kind, case) for case in load_model_tests(kind=kind) if re.search(options.filter, case.name)]
    names = {c.name: c.model.graph.node[0].op_type for k, c in cases if k == "node" and len(c.model.graph.node) == 1}
    if options.list:
        print("\n".join(f"{kind} {case.name}" for kind, case in cases))
        return
    weft = str(pathlib.Path(options.weft).resolve())
    counts = collections.defaultdict(collections.Counter)
    notes = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as temporary:
        root = pathlib.Path(options.keep or temporary)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            futures = {
                pool.submit(run, case, root / kind / case.name, weft): (kind, case) for kind, case in cases
            }
            for future in concurrent.futures.as_completed(futures):
                kind, case = futures[future]
                group = kind if kind != "node" else names.get(case.name.split("_expanded")[0], "other graphs")
                try:
                    status, why = future.result()
                except subprocess.TimeoutExpired:
                    status, why = "wrong", "no end after five minutes"
                counts[group][status] += 1
                notes[status].append(f"{case.name}: {why}")
                if status == "wrong":
                    print(f"wrong: {case.name}: {why}", file=sys.stderr, flush=True)
    print(f"{'operator':<28}{'passed':>8}{'wrong':>8}{'refused':>8}")
    total = collections.Counter()
    for group in sorted(counts):
        total.update(counts[group])
        print(f"{group:<28}" + "".join(f"{counts[group][s]:>8}" for s in ["passed", "wrong", "refused"]))
    print(f"{'all':<28}" + "".join(f"{total[s]:>8}" for s in ["passed", "wrong", "refused"]))
    reasons = collections.Counter(re.sub(r"^[^:]*: |.*model\.onnx: ", "", note) for note in notes["refused"])
    print("\nrefused:")
    for reason, count in reasons.most_common():
        print(f"{count:>8}  {reason}")
    if options.refused:
        for note in sorted(notes["refused"]):
            print("refused:", note)
    raise SystemExit(1 if notes["wrong"] else 0)


main()
