import Language
import Testing

@testable import NetOps

@Suite struct RegistrationTests {
  let ops = Registry.linked.names.filter { $0.hasPrefix("nn.") }.map { Registry.linked[$0]! }
    .filter { if case .numeric = $0.action { true } else { false } }

  @Test func `every op of the family is found by its file's entry`() {
    #expect(
      ops.filter { !$0.isInternal }.map(\.name) == [
        "nn.accuracy", "nn.average_pool", "nn.batch_norm", "nn.batch_norm_train", "nn.conv2d", "nn.conv_transpose2d",
        "nn.dropout", "nn.elu", "nn.gelu", "nn.global_average_pool", "nn.global_max_pool", "nn.gram", "nn.hard_sigmoid",
        "nn.hard_swish", "nn.instance_norm", "nn.l2norm", "nn.leaky_relu", "nn.linear", "nn.log_softmax",
        "nn.margin_scores", "nn.matmul", "nn.max_pool", "nn.modified_relu", "nn.mse", "nn.normalise_gradient",
        "nn.parameter", "nn.patch_assemble", "nn.patch_match", "nn.prelu", "nn.region_weights", "nn.relu", "nn.sigmoid",
        "nn.silu", "nn.softmax", "nn.softmax_cross_entropy", "nn.softplus", "nn.sum_squares", "nn.tanh",
        "nn.total_variation", "nn.triplet_loss", "nn.triplet_mining_loss", "nn.unfold",
      ])
    #expect(
      ops.filter(\.isInternal).map(\.name) == [
        "nn.activation_gradient", "nn.average_pool_gradient", "nn.batch_norm_input_gradient",
        "nn.batch_norm_parameter_gradient", "nn.batch_norm_train_gradient", "nn.channel_sum",
        "nn.conv2d_input_gradient", "nn.conv2d_weight_gradient", "nn.difference_gradient", "nn.dropout_mask",
        "nn.global_average_pool_gradient", "nn.global_max_pool_gradient", "nn.gram_gradient",
        "nn.instance_norm_input_gradient", "nn.instance_norm_scale_gradient", "nn.l2norm_gradient",
        "nn.linear_input_gradient", "nn.linear_weight_gradient", "nn.margin_scores_gradient", "nn.max_pool_gradient",
        "nn.modified_relu_gradient", "nn.normalised_gradient",
        "nn.prelu_input_gradient", "nn.prelu_slope_gradient", "nn.softmax_cross_entropy_gradient",
        "nn.softmax_gradient", "nn.symmetric_sum", "nn.total_variation_gradient", "nn.triplet_loss_gradient",
        "nn.triplet_mining_loss_gradient", "nn.unfold_gradient",
      ])
  }

  @Test func `what authors see is documented, and public ops have gradients`() {
    for op in ops where !op.isInternal {
      #expect(!([op.doc] + op.inputs.map(\.doc) + op.params.map(\.doc)).contains(""), "\(op.name)")
      guard case .numeric(let numeric) = op.action else {
        Issue.record("\(op.name) is not numeric")
        continue
      }
      #expect(numeric.gradient != nil, "\(op.name)")
    }
  }
}
