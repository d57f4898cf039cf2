"""Numeric node cases of ONNX's own conformance suite (onnx.backend.test, kind "node") as one fixture.

    python3 Tools/reference/onnx_cases.py Tests/OnnxOpsTests/Fixtures/cases.npz      (needs onnx 1.23.2 and ml_dtypes)

Holds every case of one operator whose inputs and outputs are floats of 16 to 64 bits, bfloat16, integers or bool. Cases with
large tensors are left out where a smaller one of the same operator exists. The archive has two byte arrays: `index` (JSON:
per case operator, version, attributes, inputs and outputs as [type, shape, offset] or null, tolerances; and per operator
its ports and attributes, for the test of signatures) and `data`, the elements, little-endian.
"""

import json
import sys
import warnings

import ml_dtypes
import numpy as np
import onnx
from onnx import AttributeProto, TensorProto, helper, numpy_helper
from onnx.backend.test.loader import load_model_tests

LIMIT = 16384  # elements of one case

TYPES = {
    TensorProto.FLOAT: "f32", TensorProto.DOUBLE: "f64", TensorProto.FLOAT16: "f16", TensorProto.BFLOAT16: "bf16",
    TensorProto.INT8: "i8", TensorProto.INT16: "i16", TensorProto.INT32: "i32", TensorProto.INT64: "i64",
    TensorProto.UINT8: "u8", TensorProto.UINT16: "u16", TensorProto.UINT32: "u32", TensorProto.UINT64: "u64",
    TensorProto.BOOL: "bool",
}
# Control flow and constants belong to the importer; the others draw numbers at random or are not supported.
SKIPPED = {"Constant", "ConstantOfShape", "If", "Loop", "Scan", "Bernoulli", "ImageDecoder", "OptionalGetElement", "OptionalHasElement"}


def element_types(values):
    return [v.type.tensor_type.elem_type if v.type.WhichOneof("value") == "tensor_type" else None for v in values]


def attribute(a):
    value = helper.get_attribute_value(a)
    if isinstance(value, bytes):
        return value.decode()
    if a.type == AttributeProto.STRINGS:
        return [v.decode() for v in value]
    if a.type == AttributeProto.FLOATS:
        return [float(v) for v in value]
    if a.type == AttributeProto.INTS:
        return [int(v) for v in value]
    return value if isinstance(value, (int, float)) else None


class Blob:
    def __init__(self):
        self.parts, self.size, self.places = [], 0, {}

    def add(self, array):
        data = np.ascontiguousarray(array).tobytes()
        if data not in self.places:
            self.places[data] = self.size
            self.parts.append(data)
            self.size += len(data)
        return self.places[data]


def main():
    warnings.simplefilter("ignore")
    blob, cases, seen = Blob(), [], set()
    for case in sorted(load_model_tests(kind="node"), key=lambda c: c.name):
        model = case.model
        if len(model.graph.node) != 1 or model.functions:
            continue
        node = model.graph.node[0]
        if node.domain not in ("", "ai.onnx") or node.op_type in SKIPPED:
            continue
        types = element_types(list(model.graph.input) + list(model.graph.output))
        if not all(t in TYPES for t in types) or model.graph.initializer:
            continue
        inputs, outputs = case.data_sets[0]
        names = [v.name for v in model.graph.input]

        def entry(value, info):
            code = info.type.tensor_type.elem_type
            array = numpy_helper.to_array(value) if isinstance(value, TensorProto) else np.asarray(value)
            if code == TensorProto.BFLOAT16:
                array = array.astype(ml_dtypes.bfloat16).view(np.uint16)
            else:
                array = array.astype(helper.tensor_dtype_to_np_dtype(code))
            return [TYPES[code], list(array.shape), blob.add(array)], array.size

        sizes = sum(np.asarray(v).size for v in list(inputs) + list(outputs))
        if sizes > LIMIT and node.op_type in seen:
            continue
        seen.add(node.op_type)
        given = dict(zip(names, inputs))
        infos = {v.name: v for v in list(model.graph.input) + list(model.graph.output)}
        results = dict(zip([v.name for v in model.graph.output], outputs))
        version = next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
        cases.append({
            "name": case.name, "op": node.op_type, "opset": version,
            "attributes": {a.name: attribute(a) for a in node.attribute},
            "inputs": [entry(given[n], infos[n])[0] if n else None for n in node.input],
            "outputs": [entry(results[n], infos[n])[0] if n else None for n in node.output],
            "rtol": case.rtol, "atol": case.atol,
        })
    signatures = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        if schema.domain or schema.since_version < 7:
            continue
        known = signatures.setdefault(schema.name, {"version": 0, "attributes": {}})
        for a in schema.attributes.values():
            value = helper.get_attribute_value(a.default_value) if a.default_value.name else None
            known["attributes"].setdefault(a.name, [])
            if schema.since_version >= known["version"]:
                value = value.decode() if isinstance(value, bytes) else value
                known["attributes"][a.name] = value if isinstance(value, (int, float, str)) else None
        if schema.since_version >= known["version"]:
            known["version"] = schema.since_version
            known["inputs"] = [i.name for i in schema.inputs]
            known["outputs"] = [o.name for o in schema.outputs]
    index = json.dumps({"onnx": onnx.__version__, "cases": cases, "signatures": signatures}, separators=(",", ":"))
    np.savez_compressed(
        sys.argv[1], index=np.frombuffer(index.encode(), np.uint8), data=np.frombuffer(b"".join(blob.parts), np.uint8))
    print(len(cases), "cases of", len(seen), "operators,", blob.size, "bytes")


main()
