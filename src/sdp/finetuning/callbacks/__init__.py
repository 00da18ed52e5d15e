"""What happens beside the training loop; `sdp.finetuning.train` lists them in order."""
